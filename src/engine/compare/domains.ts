import { elementAt, zip } from "../numbers/elements";
import { largestOf, mean } from "../numbers/statistics";
import type { Domain, DomainsRequest, DomainsResult, Estimate, RunEvent } from "../api";
import { describeModel, describeRun } from "../document/describe";
import type { DomainPair, DomainsDocument } from "../document/document";
import type { Pair } from "../pairs/group-pairs";
import { ParamscopeError } from "../errors";
import { answered } from "../run/answers";
import { estimateSweep, tokensOf } from "../run/estimate";
import { ResumeFile } from "../run/resume-file";
import { budgetOf, runSweep } from "../run/run";
import { stopwatch } from "../run/stopwatch";
import { Grams, type ProductKind } from "../sweep/grams";
import { StatisticsReducer } from "../sweep/reducers/statistics";
import { TopSetReducer } from "../sweep/reducers/top-sets";
import { targetName } from "../sweep/target";
import { firstWindows } from "../text/form-samples";
import type { Sample } from "../text/sample";
import { ChanceBaselines } from "./chance-baselines";
import { deepLayers, relevance } from "./deep-layers";
import { activationOf, densities, neuronsOf, perDomain } from "./domain-activation";
import { domainLayer, type DomainLayer } from "./domain-layer";
import { testDomains } from "./domain-tests";
import { differencesOf, type Difference } from "./differences";
import { EXCLUSIVE, overlapsOf, overlapsOfAll } from "./domain-overlaps";
import { commonStrata, strataOf } from "./strata";
import { distinctTexts, sharedTextsNote } from "./distinct-texts";
import { equalSubsamples } from "./subsample";
import { TextSamples } from "./text-samples";
import { comparisonsOf, firstOccurrences, planDomains } from "./plan-domains";
import { everyTwo } from "../numbers/every-two";
import { scoredAt, modulesAt } from "../model/model";

/**
 * How alike texts of one domain activate the parameters of a model, and texts of two: text i with text i of another domain, and
 * with text i + 1 of its own (the last with the first), per layer; with a permutation test per layer, and each domain's density.
 * @throws ParamscopeError for fewer than two domains or a domain of one text; else as `analyze` does.
 */
export async function* domains(request: DomainsRequest): AsyncGenerator<RunEvent<DomainsResult>, void, void> {
  const seconds = stopwatch();
  const { model, target, contrast, share } = request;
  const notes = [...(request.notes ?? [])];
  const planned = planOf(request, notes);
  const { chosen, count, comparisons, order, sweeping, plan, units, keepsMatrices } = planned;
  const samples = yield* answered(request, planned.samples);
  const pairSamples: Pair[] = [];
  for (const [pair, ofPair] of zip(order, plan.pairSamples)) pairSamples[pair] = ofPair;
  const home = firstOccurrences(plan.textOf);
  const grams = new Grams(
    contrast ? plan.textOf.map((_, sample) => (home.has(sample) ? 1 / samples.length : 0)) : undefined,
  );
  const statistics = new StatisticsReducer(model.definition);
  const couples = everyTwo(chosen.length);
  const top = new TopSetReducer(share, couples, { exclusive: EXCLUSIVE });
  const strata = strataOf(plan, home, contrast);
  const measured = (kind: ProductKind, layer: number): number[] =>
    pairSamples.map(([a, b]) => grams.products(kind, layer, a, b).similarity);
  const description = await describeModel(model);
  const resume =
    request.resume === undefined
      ? undefined
      : await ResumeFile.open(
          request.resume,
          [
            description.hash,
            targetName(target, model.tokenizer),
            chosen,
            contrast,
            share,
            request.window,
            request.seed,
          ],
          domainLayer,
          model.layers,
        );
  const results = resume?.layers ?? new Map<number, DomainLayer>();
  const homes = new Map([...home].map((sample) => [sample, elementAt(plan.textOf, sample)]));
  const byChance = hasRoomForChance(request, planned, notes)
    ? await ChanceBaselines.open(request, { domains: chosen.length, count, home: homes })
    : undefined;
  const resultOf = (layer: number): DomainLayer => {
    const known = results.get(layer);
    if (known !== undefined) return known;
    const ofDomains = units.length > 0 ? chosen.map((_, set) => activationOf(statistics, model, layer, set)) : null;
    const result: DomainLayer = {
      similarity: measured("plain", layer),
      contrast: contrast ? measured("contrast", layer) : null,
      strata: strata(grams, layer),
      domains: ofDomains,
      overlaps: keepsMatrices ? overlapsOf(top, couples.length, modulesAt(model, layer), layer) : null,
      ...(byChance?.measure(share, ofDomains) ?? { halves: null, neuronMeasures: null }),
    };
    results.set(layer, result);
    return result;
  };
  const isWithin = comparisons.flatMap(({ a, b, pairs: own }) => own.map(() => a === b));
  // those of the result's tests, or where no texts could be tested with each other, of the pairs
  const meansOf = ({ similarity, strata: tables }: DomainLayer): Pick<Difference, "within" | "across"> =>
    differencesOf(
      tables.map((table) => ({
        labels: table.texts.map((text) => Math.floor(text / count)),
        columns: [table.similarity],
      })),
    )?.[0] ?? {
      within: mean(similarity.filter((_, i) => isWithin[i])),
      across: mean(similarity.filter((_, i) => !isWithin[i])),
    };

  const swept = yield* runSweep(
    request,
    {
      ...sweeping,
      samples: plan.textOf.map((text) => elementAt(samples, text)),
      units,
      reducers: keepsMatrices ? [statistics, top] : [statistics],
      keepsMatrices,
      grams,
      plan: plan.sweep,
      resume: resume?.forRun(plan.textOf, resultOf),
      ...(byChance && { observer: byChance.observe }),
    },
    (layer) => {
      const { within, across } = meansOf(resultOf(layer));
      return { parameters: scoredAt(model, layer), figures: { within, across } };
    },
  );

  await resume?.remove();
  await byChance?.dispose();

  const layers = Array.from({ length: model.layers }, (_, layer) => resultOf(layer));
  const plain = layers.map(({ similarity }) => similarity);
  const contrasts = contrast ? layers.map((layer) => layer.contrast ?? []) : undefined;
  const activations = perDomain(layers, chosen.length);
  const deep = deepLayers(model.layers, request.deep);
  const tests = testDomains(
    commonStrata(layers.map((layer) => layer.strata)).map(({ texts, ...tables }) => ({
      texts: texts.map((text): [number, number] => [Math.floor(text / count), text % count]),
      ...tables,
    })),
    { deep, seed: request.seed },
  );
  const unknown = layers.map(() => 1);
  let first = 0;
  const document: DomainsDocument = {
    format: "paramscope.domains",
    version: 1,
    model: description,
    run: describeRun(swept.runtime, seconds(), [], notes),
    target: targetName(target, model.tokenizer),
    share,
    deep,
    domains: chosen.map(({ name, texts }) => ({
      name,
      texts: texts.length,
      sources: texts.map(({ source }) => source),
    })),
    pairs: comparisons.map(({ a, b, pairs: own }): DomainPair => {
      const part = (values: number[][]): number[][] => values.map((layer) => layer.slice(first, first + own.length));
      const [similarity, contrasted] = [part(plain), contrasts ? part(contrasts) : null];
      first += own.length;
      return {
        a: elementAt(chosen, a).name,
        b: elementAt(chosen, b).name,
        similarity,
        contrast: contrasted,
        relevance: relevance(similarity.map(mean), deep),
        contrastRelevance: contrasted ? relevance(contrasted.map(mean), deep) : null,
      };
    }),
    density: activations?.map((ofDomain) => densities(ofDomain, model.scored, share)) ?? null,
    neurons: activations ? neuronsOf(activations, chosen, layers) : null,
    overlaps: overlapsOfAll(layers, couples, chosen),
    tests,
    significance: tests?.similarity.layers.map(({ p }) => p) ?? unknown,
    contrastSignificance: contrast ? (tests?.contrast?.layers.map(({ p }) => p) ?? unknown) : null,
  };
  yield { type: "done", result: { document, profile: swept.profiler.seconds } };
}

/** The texts that are compared: as many of every domain as the smallest has, evenly spaced where it has more than are allowed. */
function chooseTexts({ domains: all, maxTexts }: DomainsRequest, notes: string[]): Domain[] {
  if (all.length < 2)
    throw new ParamscopeError("A comparison of domains needs at least two.", "Name two folders of texts or more.");
  const distinct = all.map((domain) =>
    distinctTexts(domain, "texts within a domain are compared with each other", notes),
  );
  const chosen = equalSubsamples(distinct, maxTexts, notes);
  notes.push(...sharedTextsNote(chosen));
  return chosen;
}

/** The texts that are compared, and how the run is cut. */
function planOf(request: DomainsRequest, notes: string[]) {
  const chosen = chooseTexts(request, notes);
  const count = elementAt(chosen, 0).texts.length;
  const samples = domainSamples(chosen, request, notes);
  const comparisons = comparisonsOf(chosen.length, count);
  const pairs = comparisons.flatMap((comparison) => comparison.pairs);
  // by the number of the texts, so that a cut goes between numbers: texts on both sides of it are swept twice
  const ordered = pairs
    .map((pair, number) => ({ pair, number }))
    .sort((one, other) => (Math.min(...one.pair) % count) - (Math.min(...other.pair) % count));
  const sweeping = { samples, units: [], reducers: [], keepsMatrices: false };
  const inOrder = ordered.map(({ pair }) => pair);
  return {
    ...{ chosen, count, samples, comparisons, sweeping },
    order: ordered.map(({ number }) => number),
    ...planDomains(request, sweeping, inOrder, chosen.length, notes),
  };
}

/** Whether there is memory for what chance makes of domains beside what was planned; where there is not, that is said. */
function hasRoomForChance(
  request: DomainsRequest,
  { samples, plan, units }: ReturnType<typeof planOf>,
  notes: string[],
): boolean {
  if (units.length === 0) return false;
  const positions = largestOf(plan.sweep.batches.map((batch) => batch.samples.length * batch.tokens));
  const least = plan.sweep.memory + TextSamples.bytes(request.model, samples.length, positions);
  if (least <= budgetOf(request)) return true;
  notes.push(
    `What two halves of a domain share, and what chance makes of neurons, was left out: it needs ${Math.ceil(least / 2 ** 20)} MiB of memory.`,
  );
  return false;
}

/**
 * What a comparison of domains would take, from sizes alone and the measurement of this machine.
 * @throws ParamscopeError as `domains` itself would, before it computes.
 */
export async function estimateDomains(request: DomainsRequest): Promise<Estimate> {
  const { samples, plan, units } = planOf(request, []);
  const cost = await estimateSweep(request, {
    lengths: plan.textOf.map((text) => elementAt(samples, text).ids.length),
    plan: plan.sweep,
    sets: units.flatMap(({ sets }) => sets).length,
    products: request.contrast ? "contrast" : "plain",
  });
  return { ...cost, samples: samples.length, tokens: tokensOf(samples) };
}

/** The samples of a comparison, domain after domain: the first window of each text. */
function domainSamples(chosen: readonly Domain[], { model, window }: DomainsRequest, notes: string[]): Sample[] {
  const texts = chosen.flatMap((domain) => domain.texts);
  const { samples, cut } = firstWindows(texts, model.tokenizer, { window, context: model.context });
  if (cut > 0)
    notes.push(
      `Of ${cut} of ${samples.length} texts only the first ${Math.min(window, model.context)} tokens were taken.`,
    );
  return samples;
}
