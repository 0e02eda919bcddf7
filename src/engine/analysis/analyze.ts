import type { AnalyzeRequest, AnalyzeResult, RunEvent, Threshold } from "../api";
import { describeModel, describeRun, describeSamples } from "../document/describe";
import type { AnalysisDocument, FrequencyDocument, FrequencyLayer, MatrixImage } from "../document/document";
import { ExpertTokens } from "./expert-tokens";
import { positionsOf } from "./positions";
import { FEWEST_TEXTS, TextDensities } from "./text-densities";
import { intraclassCorrelation } from "../numbers/intraclass";
import { defaults } from "../run/defaults";
import { answered } from "../run/answers";
import { ParamscopeError } from "../errors";
import { runSweep, type Swept } from "../run/run";
import { stopwatch } from "../run/stopwatch";
import { KeptScores } from "../sweep/reducers/kept-scores";
import { UnitFilter } from "../sweep/reducers/filter";
import { activeAbove, coarser, thresholdOf, type Counts } from "../sweep/reducers/histogram";
import type { PooledMaxima } from "../sweep/reducers/pooled-maxima";
import { imageCodes } from "../document/matrix-image";
import { largestOf } from "../numbers/statistics";
import { StatisticsReducer, type ModuleStatistics, type PartStatistics } from "../sweep/reducers/statistics";
import { TopSetReducer } from "../sweep/reducers/top-sets";
import { targetName } from "../sweep/target";
import { checkProfile, typicalOf } from "../typical/typical";
import { blockAt, modulesAt, scoredAt, type Model } from "../model/model";
import { zip } from "../numbers/elements";
import { unscoredNotes } from "./unscored";

const DOCUMENT_BINS_PER_OCTAVE = 16;
const PROFILE_LENGTH = 256;

/** Samples from which on it can be counted in how many a weight is strong. */
const FEWEST_COUNTED = 2;

/**
 * How strongly a set of texts activates the parameters of a model: `|w · ∂y/∂w|`, the mean over the samples, of every
 * matrix of every layer. Layers come deepest first.
 * @throws ParamscopeError when a text, the target or the memory does not allow it; the signal's reason when aborted.
 */
export async function* analyze(request: AnalyzeRequest): AsyncGenerator<RunEvent<AnalyzeResult>, void, void> {
  const seconds = stopwatch();
  const { model, threshold, frequency = false, pictures = true, scoresOf } = request;
  if (frequency && request.set.samples.length < FEWEST_COUNTED)
    throw new ParamscopeError(
      `Frequencies say in how many of several samples a weight is among the strongest, and ${request.set.samples[0]?.source ?? "this"} is one sample.`,
      "Take a folder or several files; a text longer than a window counts as several samples.",
    );
  await checkProfile(request, request.set, request.typical);
  const samples = yield* answered(request, request.set.samples);
  const all = samples.map((_, i) => i);
  // experts' matrices may be thousands, and a result has room for figures of them
  const experts = new Set(
    model.blocks.flatMap((block) => block.experts.flatMap(({ modules }) => modules.map(({ name }) => name))),
  );
  const statistics = new StatisticsReducer(model.definition, (_, name) => pictures && !experts.has(name));
  // where the threshold is not a share a top set holds the usual one
  const share = threshold.mode === "share" ? threshold.share : defaults.share;
  const top = new TopSetReducer(share, [], { counted: samples.length });
  const texts = samples.length >= FEWEST_TEXTS ? new TextDensities(model, samples.length) : undefined;
  const kept = scoresOf && new KeptScores(scoresOf);
  const tokens = new ExpertTokens(model);
  const swept = yield* runSweep(
    request,
    {
      samples,
      units: [{ sets: [all] }, ...(frequency ? all.map((sample) => ({ sets: [[sample]] })) : [])],
      reducers: [
        new UnitFilter(statistics, (unit) => unit === 0),
        ...(kept ? [new UnitFilter(kept, (unit) => unit === 0)] : []),
        ...(frequency ? [new UnitFilter(top, (unit) => unit > 0)] : []),
      ],
      keepsMatrices: frequency || kept !== undefined,
      statistics: 1,
      ...(texts && { observer: texts.observe }),
      routing: tokens.observe,
    },
    (layer) => {
      texts?.layerDone(layer);
      const parameters = scoredAt(model, layer);
      const sum = [...statistics.layer(layer).values()].reduce((total, module) => total + module.sum, 0);
      return { parameters, figures: { meanActivation: sum / parameters } };
    },
  );

  const sums = Array.from({ length: model.layers }, (_, layer) => statistics.layer(layer));
  const typical = yield* typicalOf(request, { set: request.set, wish: request.typical, sums });
  const positions = request.positions && (yield* positionsOf(request, request.set, request.positions));
  const whole = await analysisDocument(
    { ...request, set: { ...request.set, samples } },
    { statistics, tokens },
    swept,
    seconds(),
  );
  const document: AnalysisDocument = {
    ...whole,
    ...(texts && { textDensities: texts.densities(whole.threshold.share) }),
    ...typical,
    ...(positions && { positions }),
  };
  const frequencyDocument: FrequencyDocument | undefined = frequency
    ? {
        format: "paramscope.frequency",
        version: 1,
        model: document.model,
        run: document.run,
        target: document.target,
        samples: samples.length,
        share,
        layers: Array.from({ length: model.layers }, (_, layer) => frequencyLayer(model, layer, { top, tokens })),
      }
    : undefined;
  yield {
    type: "done",
    result: { document, frequency: frequencyDocument, sums, scores: kept?.scores, profile: swept.profiler.seconds },
  };
}

/** In how many samples a layer's parameters are among the strongest; of a mixture those of each expert as well. */
function frequencyLayer(
  model: Model,
  layer: number,
  { top, tokens }: { readonly top: TopSetReducer; readonly tokens: ExpertTokens },
): FrequencyLayer {
  const counts = top.frequencies(
    layer,
    modulesAt(model, layer).map(({ name }) => name),
  );
  const routing = tokens.of(layer);
  const experts = zip(routing?.experts ?? [], tokens.samplesOf(layer)).map(([expert, samples]) => {
    const counts = top.frequencies(layer, expert.modules);
    // no sample that does not reach it has a weight of it among the strongest
    return { ...expert, samples, counts, icc: intraclassCorrelation(counts.slice(0, samples + 1)) };
  });
  return { layer, counts, icc: intraclassCorrelation(counts), ...(routing && { routing: { ...routing, experts } }) };
}

async function analysisDocument(
  { model, set, target, threshold }: AnalyzeRequest,
  { statistics, tokens }: { readonly statistics: StatisticsReducer; readonly tokens: ExpertTokens },
  { runtime, heads, saliency }: Swept,
  seconds: number,
): Promise<AnalysisDocument> {
  const layers = Array.from({ length: model.layers }, (_, layer) => {
    const own = statistics.layer(layer);
    // the sweep comes to experts by whether tokens reach them, and so otherwise in every layer
    return modulesAt(model, layer).flatMap(({ name }) => own.get(name) ?? []);
  });
  const parts = layers.flat().flatMap((module) => module.parts);
  const tau = threshold.mode === "absolute" ? threshold.tau : thresholdOf(threshold.share, model.scored, parts);
  const activeParts = parts.map((part) => activeAbove(part, tau));
  const share = activeParts.reduce((sum, active) => sum + active, 0) / model.scored;
  return {
    format: "paramscope.analysis",
    version: 1,
    model: await describeModel(model),
    run: describeRun(
      runtime,
      seconds,
      [set],
      // a result that is run again has them among its texts' notes
      unscoredNotes(model).filter((note) => !set.notes.includes(note)),
    ),
    target: targetName(target, model.tokenizer),
    samples: describeSamples(model, set, { heads, saliency }),
    threshold: describeThreshold(threshold, share, tau),
    layers: layers.map((modules, layer) => ({
      layer,
      ...(blockAt(model, layer).experts.length > 0 && { routing: tokens.of(layer) }),
      ...measures(
        modules.flatMap((module) => module.parts),
        tau,
      ),
      modules: modules.map((module) =>
        describeModule(module, blockAt(model, layer).definition.heads[module.module.name], tau),
      ),
    })),
  };
}

function describeThreshold(threshold: Threshold, share: number, tau: number): AnalysisDocument["threshold"] {
  return { mode: threshold.mode, share: threshold.mode === "share" ? threshold.share : share, tau };
}

function describeModule(
  statistics: ModuleStatistics,
  heads: Parameters<ModuleStatistics["heads"]>[0],
  tau: number,
): AnalysisDocument["layers"][number]["modules"][number] {
  const { module, parts, pooled } = statistics;
  const whole = merged(parts);
  return {
    name: module.name,
    shape: [module.out, module.in],
    ...measures(parts, tau),
    zeros: whole.zeros,
    histogram: { binsPerOctave: DOCUMENT_BINS_PER_OCTAVE, ...coarser(whole, DOCUMENT_BINS_PER_OCTAVE) },
    parts: parts.flatMap((part, index) =>
      part.name === undefined
        ? []
        : [{ name: part.name, rows: rangesOf(statistics.partOf, index), ...measures([part], tau) }],
    ),
    heads: statistics.heads(heads).map((head) => ({ ...head })),
    ...(heads && { headSide: { axis: heads.axis, size: heads.size } }),
    ...(pooled && { image: imageOf(pooled) }),
    rows: binned(statistics.rows),
    columns: binned(statistics.columns),
    top: statistics.strongest.map(({ row, column, value, weight }) => ({ row, column, value, weight })),
  };
}

function imageOf({ rows, columns, bits }: PooledMaxima): MatrixImage {
  const values = new Float32Array(bits.buffer);
  const codes = imageCodes(values, largestOf(values));
  return { rows, columns, codes: Buffer.from(codes).toString("base64") };
}

function measures(parts: readonly PartStatistics[], tau: number) {
  const total = (of: (part: PartStatistics) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  const parameters = total((part) => part.parameters);
  const active = total((part) => activeAbove(part, tau));
  return {
    parameters,
    active,
    density: active / parameters,
    sum: total((part) => part.sum),
    l2: Math.sqrt(total((part) => part.sumOfSquares)),
    max: Math.max(...parts.map((part) => part.max)),
  };
}

function merged(parts: readonly Counts[]): Counts {
  const filled = parts.filter(({ counts }) => counts.length > 0);
  const firstBin = Math.min(...filled.map((part) => part.firstBin));
  const end = Math.max(...filled.map((part) => part.firstBin + part.counts.length));
  const counts = new Float64Array(end - firstBin);
  for (const part of filled)
    for (let i = 0; i < part.counts.length; i++) counts[part.firstBin - firstBin + i]! += part.counts[i]!;
  return { firstBin, counts, zeros: parts.reduce((sum, { zeros }) => sum + zeros, 0) };
}

/** Half-open ranges of the rows that belong to a part. */
function rangesOf(partOf: Uint8Array, part: number): [number, number][] {
  const ranges: [number, number][] = [];
  for (let row = 0; row < partOf.length; row++) {
    if (partOf[row] !== part) continue;
    const from = row;
    while (row < partOf.length && partOf[row] === part) row++;
    ranges.push([from, row]);
  }
  return ranges;
}

/** Sums over at most 256 stretches of equal length, as nearly as the number allows. */
function binned(profile: Float64Array): number[] {
  const length = Math.min(PROFILE_LENGTH, profile.length);
  const sums = new Array<number>(length).fill(0);
  profile.forEach((value, i) => (sums[Math.floor((i * length) / profile.length)]! += value));
  return sums;
}
