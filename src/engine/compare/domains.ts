import { elementAt, zip } from "../numbers/elements";
import { mean } from "../numbers/statistics";
import type { Domain, DomainsRequest, DomainsResult, Estimate, RunEvent } from "../api";
import { describeModel, describeRun } from "../document/describe";
import type { DomainPair, DomainsDocument } from "../document/document";
import type { Pair } from "../pairs/group-pairs";
import type { PairsPlan } from "../pairs/plan-pairs";
import { ParamscopeError } from "../errors";
import { answered } from "../run/answers";
import { estimateSweep, tokensOf } from "../run/estimate";
import { ResumeFile } from "../run/resume-file";
import { runSweep } from "../run/run";
import { Grams } from "../sweep/grams";
import { StatisticsReducer } from "../sweep/reducers/statistics";
import { TopSetReducer } from "../sweep/reducers/top-sets";
import { targetName } from "../sweep/target";
import { firstWindows } from "../text/form-samples";
import type { Sample } from "../text/sample";
import { deepLayers, relevance } from "./deep-layers";
import { activationOf, densities, neuronsOf, perDomain } from "./domain-activation";
import { domainLayer, type DomainLayer } from "./domain-layer";
import { EXCLUSIVE, overlapsOf, overlapsOfAll } from "./domain-overlaps";
import { equalSubsamples } from "./subsample";
import { permutationTest, type Stratum } from "./permutation-test";
import { comparisonsOf, everyTwo, firstOccurrences, planDomains } from "./plan-domains";

const FEWEST_TEXTS = 2;
type Kind = "plain" | "contrast";

/**
 * How alike texts of one domain activate the parameters of a model, and texts of two: text i with text i of another domain, and
 * with text i + 1 of its own (the last with the first), per layer; with a permutation test per layer, and each domain's density.
 * @throws ParamscopeError for fewer than two domains or a domain of one text; else as `analyze` does.
 */
export async function* domains(request: DomainsRequest): AsyncGenerator<RunEvent<DomainsResult>, void, void> {
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
  const top = new TopSetReducer(share, couples, false, EXCLUSIVE);
  const strata = strataOf(plan, home, count);
  const measured = (kind: Kind, layer: number): DomainLayer["plain"] => ({
    similarity: pairSamples.map(([a, b]) => grams.products(kind, layer, a, b).similarity),
    significance: permutationTest(
      strata.map((stratum) => stratum(grams, kind, layer)),
      request.seed,
    ),
  });
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
  const resultOf = (layer: number): DomainLayer => {
    const result = results.get(layer) ?? {
      plain: measured("plain", layer),
      contrast: contrast ? measured("contrast", layer) : null,
      domains: units.length > 0 ? chosen.map((_, set) => activationOf(statistics, model, layer, set)) : null,
      overlaps: keepsMatrices ? overlapsOf(top, couples.length, model.modules, layer) : null,
    };
    results.set(layer, result);
    return result;
  };
  const isWithin = comparisons.flatMap(({ a, b, pairs: own }) => own.map(() => a === b));

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
    },
    (layer) => {
      const values = resultOf(layer).plain.similarity;
      return {
        parameters: model.scored / model.layers,
        figures: {
          within: mean(values.filter((_, i) => isWithin[i])),
          across: mean(values.filter((_, i) => !isWithin[i])),
        },
      };
    },
  );

  await resume?.remove();

  const layers = Array.from({ length: model.layers }, (_, layer) => resultOf(layer));
  const plain = layers.map((layer) => layer.plain.similarity);
  const contrasts = contrast ? layers.map((layer) => layer.contrast?.similarity ?? []) : undefined;
  const deep = deepLayers(model.layers, request.deep);
  const activations = perDomain(layers, chosen.length);
  let first = 0;
  const document: DomainsDocument = {
    format: "paramscope.domains",
    version: 1,
    model: description,
    run: describeRun(swept.runtime, swept.seconds, [], notes),
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
    neurons: activations ? neuronsOf(activations, chosen) : null,
    overlaps: overlapsOfAll(layers, couples, chosen),
    significance: layers.map((layer) => layer.plain.significance),
    contrastSignificance: contrast ? layers.map((layer) => layer.contrast?.significance ?? 1) : null,
  };
  yield { type: "done", result: { document, profile: swept.profiler.seconds } };
}

/** The texts that are compared: as many of every domain as the smallest has, evenly spaced where it has more than are allowed. */
function chooseTexts({ domains: all, maxTexts }: DomainsRequest, notes: string[]): Domain[] {
  if (all.length < 2)
    throw new ParamscopeError("A comparison of domains needs at least two.", "Name two folders of texts or more.");
  for (const { name, texts } of all)
    if (texts.length < FEWEST_TEXTS)
      throw new ParamscopeError(
        `${name} has one text, and texts within a domain are compared with each other.`,
        "Put at least two texts into each folder.",
      );
  return equalSubsamples(all, maxTexts, notes);
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

/** A stratum per batch: its texts, each counted where it comes first. Every two of them have been compared. */
function strataOf(
  { sweep: { batches }, textOf }: PairsPlan,
  home: ReadonlySet<number>,
  count: number,
): ((grams: Grams, kind: Kind, layer: number) => Stratum)[] {
  return batches.map(({ samples }) => {
    const own = samples.filter((sample) => home.has(sample));
    const labels = own.map((sample) => Math.floor(elementAt(textOf, sample) / count));
    return (grams, kind, layer) => ({
      labels,
      similarity: (i, j) => grams.products(kind, layer, elementAt(own, i), elementAt(own, j)).similarity,
    });
  });
}
