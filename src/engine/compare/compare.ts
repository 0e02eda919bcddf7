import { elementAt, zip } from "../numbers/elements";
import { overlapOf } from "../numbers/overlap";
import { median } from "../numbers/statistics";
import type { CompareRequest, CompareResult, Estimate, RunEvent } from "../api";
import { describeModel, describeRun, describeSamples } from "../document/describe";
import { comparedNext } from "../document/compared-next";
import { ExpertTokens } from "../analysis/expert-tokens";
import type { AnalysisLayer, ComparisonDocument, ComparisonLayer, ComparisonModule } from "../document/document";
import { blockAt, modulesAt, scoredAt, type Model, type ScoredModule } from "../model/model";
import { answered } from "../run/answers";
import { estimateSweep, tokensOf, withFirst } from "../run/estimate";
import { planRequest, runSweep } from "../run/run";
import { stopwatch } from "../run/stopwatch";
import { planSweep } from "../sweep/plan";
import { ContrastReducer } from "../sweep/reducers/contrast";
import { ProductReducer } from "../sweep/reducers/products";
import { StatisticsReducer } from "../sweep/reducers/statistics";
import { addedOverlaps, TopSetReducer } from "../sweep/reducers/top-sets";
import { fewestIds, targetName } from "../sweep/target";
import type { Sample } from "../text/sample";
import { deepLayers, relevance } from "./deep-layers";
import { framedSides } from "./framed-sides";
import {
  backgroundSamples,
  hasYardstick,
  percentileAmong,
  unrelatedPairs,
  unrelatedRelevances,
  yardstickOf,
  type Yardstick,
  type YardstickClass,
} from "./yardstick";

/** The most parameters per matrix that are told as those that only one side activates. */
const EXCLUSIVE = 5;
const A = 0;
const B = 1;
const BACKGROUND = 2;

/**
 * How alike two sets of texts activate the parameters of a model, layer by layer: similarity and overlap of their means `Ā`
 * (of their activations, where each is one sample), and with unrelated texts as a background contrast similarity; where each is one text
 * also the percentile among unrelated texts of the same classes. All are swept at once.
 * @throws ParamscopeError as `analyze` does.
 */
export async function* compare(request: CompareRequest): AsyncGenerator<RunEvent<CompareResult>, void, void> {
  const seconds = stopwatch();
  const { model, share, target, unrelated } = request;
  const deep = deepLayers(model.layers, request.deep);
  const description = await describeModel(model);
  const { a, b, template, kind } = framedSides(request);
  const yardstick =
    unrelated !== undefined && kind !== undefined && isPlaced(request)
      ? yield* yardstickOf(request, unrelated, kind, description.hash)
      : undefined;
  const background = backgroundOf(request, kind);
  const samples = yield* answered(request, [...a, ...b, ...background]);

  const members = samples.map((_, i) => i);
  const [endOfA, endOfB] = [a.length, a.length + b.length];
  const sets = setsOf(members, endOfA, endOfB);
  const pair: [number, number] = [A, B];
  const reducers = new ComparisonReducers(model, share, pair, background.length > 0);

  const [tokensOfA, tokensOfB] = [new ExpertTokens(model), new ExpertTokens(model)];
  const swept = yield* runSweep(
    request,
    {
      samples,
      units: [{ sets: sets.filter((set) => set.length > 0) }],
      reducers: reducers.all,
      keepsMatrices: true,
      statistics: sets.length,
      routing: (layer, sample, ...routed) => {
        if (sample < endOfB) (sample < endOfA ? tokensOfA : tokensOfB).observe(layer, sample, ...routed);
      },
    },
    (layer) => ({
      parameters: scoredAt(model, layer),
      figures: { similarity: reducers.similarity(layer), overlap: reducers.overlap(layer) },
    }),
  );

  const layers = Array.from({ length: model.layers }, (_, layer) => ({
    layer,
    similarity: reducers.similarity(layer),
    contrast: reducers.contrast?.similarity(layer) ?? null,
    overlap: reducers.overlap(layer),
    modules: modulesAt(model, layer).map((module) => reducers.describe(layer, module)),
    ...routingOf(reducers, layer, tokensOfA.of(layer), tokensOfB.of(layer)),
  }));
  const plain = relevance(
    layers.map(({ similarity }) => similarity),
    deep,
  );
  const contrast = reducers.contrast
    ? relevance(
        layers.flatMap((layer) => layer.contrast ?? []),
        deep,
      )
    : null;
  const document: ComparisonDocument = {
    format: "paramscope.comparison",
    version: 3,
    model: description,
    run: describeRun(swept.runtime, seconds(), [request.a.set, request.b.set], unplacedNotes(request)),
    target: targetName(target, model.tokenizer),
    template,
    a: { name: request.a.name, samples: describeSamples(model, { samples: samples.slice(0, endOfA) }, swept) },
    b: {
      name: request.b.name,
      samples: describeSamples(model, { samples: samples.slice(endOfA, endOfB) }, swept, endOfA),
    },
    share,
    deep,
    layers,
    relevance: plain,
    contrastRelevance: contrast,
    ...(a.length === 1 &&
      b.length === 1 && { next: comparedNext(model, elementAt(swept.heads, 0), elementAt(swept.heads, endOfA)) }),
    ...(yardstick && kind && contrast !== null ? placeOf({ plain, contrast }, yardstick, kind, deep) : noPlace),
  };
  yield { type: "done", result: { document, profile: swept.profiler.seconds } };
}

/**
 * What a comparison would take, from sizes alone and the measurement of this machine; with the measurement of unrelated texts, where that is not
 * there yet.
 * @throws ParamscopeError as `compare` itself would, before it computes.
 */
export async function estimateComparison(request: CompareRequest): Promise<Estimate> {
  const { model, unrelated } = request;
  const { a, b, kind } = framedSides(request);
  const own = [...a, ...b];
  const background = backgroundOf(request, kind);
  const samples = [...own, ...background];
  const all = samples.map((_, i) => i);
  const sets = setsOf(all, a.length, own.length);
  const sweeping = { samples, units: [{ sets }], reducers: [], keepsMatrices: true, statistics: sets.length };
  const planned = planRequest(request, sweeping);
  const plan = planSweep(planned);
  const cost = await estimateSweep(request, { lengths: planned.lengths, plan, sets: sets.length });
  const result = { ...cost, samples: own.length, tokens: tokensOf(own), leastMemory: plan.leastMemory };
  if (unrelated === undefined || kind === undefined || !isPlaced(request)) return result;
  if (await hasYardstick(request, unrelated, kind, await model.identity())) return result;
  const measured = planRequest(request, {
    ...sweeping,
    samples: [...background, ...unrelatedPairs(unrelated, kind, request).samples],
    units: [],
  });
  const first = await estimateSweep(request, { lengths: measured.lengths, plan: planSweep(measured), sets: 0 });
  return withFirst(result, first, "unrelated texts");
}

/** The samples, by their numbers, of A, of B, and of the background: sets 0 to 2. */
const setsOf = (all: readonly number[], endOfA: number, endOfB: number): number[][] => [
  all.slice(0, endOfA),
  all.slice(endOfA, endOfB),
  all.slice(endOfB),
];

/**
 * Whether a comparison has a place among pairs of unrelated texts: sets of several texts are more alike than two texts, and what is
 * expected within a text does not depend on how it ends.
 */
function isPlaced({ a, b, target }: CompareRequest): boolean {
  return a.set.samples.length === 1 && b.set.samples.length === 1 && target.kind !== "next-token";
}

/** Why two texts have no place among unrelated ones, where that is for their length. */
function unplacedNotes({ a, b, unrelated, target }: CompareRequest): string[] {
  const sides = [a, b].map(({ set: { samples } }) => ({
    samples,
    sources: new Set(samples.map(({ source }) => source)),
  }));
  const cut = sides.find(({ samples }) => samples.length > 1);
  if (unrelated === undefined || target.kind === "next-token" || cut === undefined) return [];
  if (sides.some(({ sources }) => sources.size > 1)) return [];
  const [source = ""] = cut.sources;
  return [
    `${source} was cut into ${cut.samples.length} samples: how alike the two are has no place among unrelated texts, which are single samples. A larger window takes it whole, up to what the model reads.`,
  ];
}

/** The texts that contrast is measured against; none where one of them is too short for the target. */
function backgroundOf(request: CompareRequest, kind: YardstickClass | undefined): Sample[] {
  const { unrelated, target } = request;
  const samples = unrelated === undefined ? [] : backgroundSamples(unrelated, kind ?? ANY, request);
  return samples.every(({ ids }) => ids.length >= fewestIds(target)) ? samples : [];
}

/** The class of texts whose sides have nothing in common. */
const ANY: YardstickClass = {
  framing: "bare",
  a: { length: "short", ending: "sentence" },
  b: { length: "short", ending: "sentence" },
};

type Place = Pick<ComparisonDocument, "percentile" | "percentiles" | "yardstick">;

const noPlace: Place = { percentile: null, percentiles: null, yardstick: null };

/** Where a pair stands among unrelated ones, by its relevances. */
function placeOf(
  own: { readonly plain: number; readonly contrast: number },
  yardstick: Yardstick,
  kind: YardstickClass,
  deep: readonly [number, number],
): Place {
  const unrelated = unrelatedRelevances(yardstick, deep);
  const rank = (of: "plain" | "contrast"): number => percentileAmong(unrelated[of], own[of]);
  const percentiles = { similarity: rank("plain"), contrast: rank("contrast") };
  const described = ({ length, ending }: YardstickClass["a"]) => ({ length, ending: ending ?? null });
  return {
    percentile: percentiles.contrast,
    percentiles,
    yardstick: {
      pairs: unrelated.plain.length,
      texts: yardstick.texts,
      a: described(kind.a),
      b: described(kind.b),
      median: median(unrelated.plain),
      contrastMedian: median(unrelated.contrast),
    },
  };
}

/** What a document says of a layer's experts; nothing where it has none. */
function routingOf(
  reducers: ComparisonReducers,
  layer: number,
  ofA: AnalysisLayer["routing"],
  ofB: AnalysisLayer["routing"],
): Pick<ComparisonLayer, "routing"> {
  if (ofA === undefined || ofB === undefined) return {};
  return {
    routing: {
      tokens: { a: ofA.tokens, b: ofB.tokens },
      experts: zip(ofA.experts, ofB.experts).map(([{ tokens, modules }, other]) => ({
        tokens: { a: tokens, b: other.tokens },
        similarity: reducers.similarityOf(layer, modules),
        modules,
      })),
    },
  };
}

/** What is kept of a comparison's scores. Set 0 is A, 1 is B, 2 the background. */
class ComparisonReducers {
  readonly #model: Model;
  readonly #products: ProductReducer;
  readonly #top: TopSetReducer;
  readonly #statistics: StatisticsReducer;
  readonly contrast: ContrastReducer | undefined;

  constructor(model: Model, share: number, pair: readonly [number, number], background: boolean) {
    this.#model = model;
    this.#products = new ProductReducer(model.definition, [pair]);
    this.#top = new TopSetReducer(share, [pair], { exclusive: EXCLUSIVE });
    this.#statistics = new StatisticsReducer(model.definition);
    this.contrast = background ? new ContrastReducer({ a: A, b: B, background: BACKGROUND }) : undefined;
  }

  get all() {
    return [this.#products, this.#top, this.#statistics, ...(this.contrast ? [this.contrast] : [])];
  }

  similarity(layer: number): number {
    return this.#products.layer(layer, modulesAt(this.#model, layer)).similarity;
  }

  /** Of some of a layer's matrices together. */
  similarityOf(layer: number, names: readonly string[]): number {
    const wanted = new Set(names);
    const modules = modulesAt(this.#model, layer).filter(({ name }) => wanted.has(name));
    return this.#products.layer(layer, modules).similarity;
  }

  overlap(layer: number): number {
    return overlapOf(
      addedOverlaps(modulesAt(this.#model, layer).flatMap(({ name }) => this.#top.overlaps(layer, name))),
    );
  }

  describe(layer: number, { name, out, in: width }: ScoredModule): ComparisonModule {
    const { total, heads } = this.#products.module(layer, name);
    const [overlap] = this.#top.overlaps(layer, name);
    const [only] = this.#top.exclusiveOf(layer, name);
    const [a, b] = [A, B].map((set) => this.#statistics.layer(layer, 0, set).get(name));
    const background = this.contrast && this.#statistics.layer(layer, 0, BACKGROUND).get(name);
    if (overlap === undefined || only === undefined || a === undefined || b === undefined)
      throw new Error(`${name} of layer ${layer} has not been swept`);
    const layout = blockAt(this.#model, layer).definition.heads[name];
    const sums = zip(a.heads(layout), b.heads(layout));
    return {
      name,
      similarity: total.similarity,
      overlap: overlapOf(overlap),
      parameters: out * width,
      a: a.sum,
      b: b.sum,
      norms: { a: Math.sqrt(total.aa), b: Math.sqrt(total.bb) },
      ...(background && { background: background.sum }),
      heads: zip(heads, sums).map(([{ products, ...head }, [ofA, ofB]]) => ({
        ...head,
        similarity: products.similarity,
        a: ofA.sum,
        b: ofB.sum,
      })),
      onlyA: only.onlyA.map((parameter) => ({ ...parameter })),
      onlyB: only.onlyB.map((parameter) => ({ ...parameter })),
    };
  }
}
