import { mean } from "../../format/statistics";
import type { Domain, DomainsRequest, DomainsResult, RunEvent } from "../api";
import { describeModel, describeRun } from "../document/describe";
import type { DomainPair, DomainsDocument } from "../document/document";
import { ParamscopeError } from "../errors";
import { neuronsModule, type Model } from "../model/model";
import type { Pair } from "../pairs/group-pairs";
import { planPairs, type PairsPlan } from "../pairs/plan-pairs";
import { ResumeFile } from "../resume-file";
import { planRequest, runSweep } from "../run";
import { Grams } from "../sweep/grams";
import { activeAbove, thresholdOf } from "../sweep/reducers/histogram";
import type { Unit } from "../sweep/reducers/reducer";
import { StatisticsReducer } from "../sweep/reducers/statistics";
import { TopSetReducer } from "../sweep/reducers/top-sets";
import { targetName } from "../sweep/target";
import { firstWindows } from "../text/form-samples";
import type { Sample } from "../text/sample";
import { equallyMany } from "./equally-many";
import { deepLayers, relevance } from "./deep-layers";
import { domainLayer, type DomainActivation, type DomainLayer } from "./domain-layer";
import { describeOverlap, LONELY, overlapsOf } from "./domain-overlaps";
import { permutationTest, type Stratum } from "./permutation-test";
import { separatingNeurons } from "./separating-neurons";

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
  const chosen = chooseTexts(request, notes);
  const count = chosen[0].texts.length;
  const samples = samplesOf(chosen, request, notes);
  const comparisons = comparisonsOf(chosen.length, count);
  const pairs = comparisons.flatMap((comparison) => comparison.pairs);
  // by the number of the texts, so that a cut goes between numbers: texts on both sides of it are swept twice
  const order = pairs
    .map((_, i) => i)
    .sort((i, j) => (Math.min(...pairs[i]) % count) - (Math.min(...pairs[j]) % count));

  const sweeping = { samples, units: [], reducers: [], keepsMatrices: false };
  const { plan, units, keepsMatrices } = planDomains(
    request,
    sweeping,
    order.map((i) => pairs[i]),
    chosen.length,
    notes,
  );
  const samplesOfPair: Pair[] = [];
  order.forEach((pair, i) => (samplesOfPair[pair] = plan.samplesOf[i]));
  const home = firstOccurrences(plan.textOf);
  const grams = new Grams(
    plan.size,
    contrast ? plan.textOf.map((_, sample) => (home.has(sample) ? 1 / samples.length : 0)) : undefined,
  );
  const statistics = new StatisticsReducer(model.definition);
  const couples = everyTwo(chosen.length);
  const top = new TopSetReducer(share, couples, false, LONELY);
  const strata = strataOf(plan, home, count);
  const measured = (kind: Kind, layer: number): DomainLayer["plain"] => ({
    similarity: samplesOfPair.map(([a, b]) => grams.products(kind, layer, a, b).similarity),
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
      samples: plan.textOf.map((text) => samples[text]),
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
        within: mean(values.filter((_, i) => isWithin[i])),
        across: mean(values.filter((_, i) => !isWithin[i])),
      };
    },
  );

  await resume?.remove();

  const layers = Array.from({ length: model.layers }, (_, layer) => resultOf(layer));
  const plain = layers.map((layer) => layer.plain.similarity);
  const contrasts = contrast ? layers.map((layer) => layer.contrast?.similarity ?? []) : undefined;
  const activations = perDomain(layers, chosen.length);
  let first = 0;
  const document: DomainsDocument = {
    format: "paramscope.domains",
    version: 1,
    model: description,
    run: { ...describeRun(swept.runtime, swept.seconds, []), notes },
    target: targetName(target, model.tokenizer),
    share,
    deep: deepLayers(model.layers),
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
        a: chosen[a].name,
        b: chosen[b].name,
        similarity,
        contrast: contrasted,
        relevance: relevance(similarity.map(mean)),
        contrastRelevance: contrasted ? relevance(contrasted.map(mean)) : null,
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

/** As many texts of every domain as the smallest has, evenly spaced where a domain has more than are allowed. */
function chooseTexts({ domains: all, maxTexts }: DomainsRequest, notes: string[]): Domain[] {
  if (all.length < 2)
    throw new ParamscopeError("A comparison of domains needs at least two.", "Name two folders of texts or more.");
  for (const { name, texts } of all)
    if (texts.length < FEWEST_TEXTS)
      throw new ParamscopeError(
        `${name} has one text, and texts within a domain are compared with each other.`,
        "Put at least two texts into each folder.",
      );
  return equallyMany(all, maxTexts, notes);
}

/** Domain after domain, the first window of each text. */
function samplesOf(chosen: readonly Domain[], { model, window }: DomainsRequest, notes: string[]): Sample[] {
  const texts = chosen.flatMap((domain) => domain.texts);
  const { samples, cut } = firstWindows(texts, model.tokenizer, { window, context: model.context });
  if (cut > 0)
    notes.push(
      `Of ${cut} of ${samples.length} texts only the first ${Math.min(window, model.context)} tokens were taken.`,
    );
  return samples;
}

/** Every two domains, and each with itself; text i of domain d is number d · count + i. */
function comparisonsOf(domainCount: number, count: number): { a: number; b: number; pairs: Pair[] }[] {
  const comparisons: { a: number; b: number; pairs: Pair[] }[] = [];
  for (let a = 0; a < domainCount; a++)
    for (let b = a; b < domainCount; b++) {
      const pairs = Array.from({ length: count }, (_, i): Pair => [
        a * count + i,
        b * count + (a === b ? (i + 1) % count : i),
      ]);
      comparisons.push({ a, b, pairs });
    }
  return comparisons;
}

/** Each domain is a set; with what they share, or only their densities, or without, as the memory allows, which is said. */
function planDomains(
  request: DomainsRequest,
  sweeping: Parameters<typeof planRequest>[1],
  pairs: readonly Pair[],
  domainCount: number,
  notes: string[],
): { plan: PairsPlan; units: readonly Unit[]; keepsMatrices: boolean } {
  const count = sweeping.samples.length / domainCount;
  const unitsOf = (textOf: readonly number[]): Unit[] => {
    const home = [...firstOccurrences(textOf)];
    const ofDomain = (domain: number) => home.filter((sample) => Math.floor(textOf[sample] / count) === domain);
    return [{ sets: Array.from({ length: domainCount }, (_, domain) => ofDomain(domain)) }];
  };
  const ways = [
    { unitsOf, keepsMatrices: true, lacks: "What two domains share" },
    { unitsOf, keepsMatrices: false, lacks: "The density of each domain" },
    { unitsOf: () => [], keepsMatrices: false },
  ];
  for (const way of ways)
    try {
      const wanted = { ...planRequest(request, sweeping), keepsMatrices: way.keepsMatrices };
      const plan = planPairs(wanted, pairs, request.contrast, way.unitsOf);
      return { plan, units: way.unitsOf(plan.textOf), keepsMatrices: way.keepsMatrices };
    } catch (error) {
      if (!(error instanceof ParamscopeError) || way.lacks === undefined) throw error;
      notes.push(`${way.lacks} was left out: ${error.message}`);
    }
  throw new Error("the last way is taken or throws");
}

/** Of samples that are the same text, the first. */
function firstOccurrences(textOf: readonly number[]): Set<number> {
  const seen = new Set<number>();
  const first = new Set<number>();
  textOf.forEach((text, sample) => {
    if (!seen.has(text)) first.add(sample);
    seen.add(text);
  });
  return first;
}

/** Per batch its texts, each counted where it comes first: every two of them have been compared. */
function strataOf(
  { sweep: { batches }, textOf }: PairsPlan,
  home: ReadonlySet<number>,
  count: number,
): ((grams: Grams, kind: Kind, layer: number) => Stratum)[] {
  return batches.map(({ samples }) => {
    const own = samples.filter((sample) => home.has(sample));
    const labels = own.map((sample) => Math.floor(textOf[sample] / count));
    return (grams, kind, layer) => ({
      labels,
      similarity: (i, j) => grams.products(kind, layer, own[i], own[j]).similarity,
    });
  });
}

/** What is kept of a domain's mean activation in one layer: enough for every threshold. */
function activationOf(statistics: StatisticsReducer, model: Model, layer: number, set: number): DomainActivation {
  const matrices = [...statistics.layer(layer, 0, set).values()];
  const parts = matrices.flatMap((matrix) => matrix.parts);
  const last = matrices.find(({ module }) => module.name === neuronsModule(model).name);
  return {
    parameters: parts.reduce((sum, part) => sum + part.parameters, 0),
    histograms: parts.map(({ firstBin, counts, zeros }) => ({ firstBin, counts: [...counts], zeros })),
    neurons: [...(last?.columns ?? [])],
  };
}

/** Per domain and layer; undefined where one is missing. */
function perDomain(layers: readonly DomainLayer[], count: number): DomainActivation[][] | undefined {
  const domains = Array.from({ length: count }, (_, domain) =>
    layers.flatMap((layer) => (layer.domains ? [layer.domains[domain]] : [])),
  );
  return domains.every((domain) => domain.length === layers.length) ? domains : undefined;
}

/** Per layer, with the threshold that makes the domain's strongest share of all parameters active. */
function densities(layers: readonly DomainActivation[], scored: number, share: number): number[] {
  const tau = thresholdOf(
    share,
    scored,
    layers.flatMap(({ histograms }) => histograms),
  );
  return layers.map(
    ({ histograms, parameters }) =>
      histograms.reduce((sum, histogram) => sum + activeAbove(histogram, tau), 0) / parameters,
  );
}

/** Every two of so many, the first before the second. */
function everyTwo(count: number): [number, number][] {
  return Array.from({ length: count }, (_, a) => a).flatMap((a) =>
    Array.from({ length: count - a - 1 }, (_, i): [number, number] => [a, a + 1 + i]),
  );
}

/** Null where a layer was without. */
function overlapsOfAll(
  layers: readonly DomainLayer[],
  couples: readonly (readonly [number, number])[],
  chosen: readonly Domain[],
): DomainsDocument["overlaps"] {
  const perLayer = layers.flatMap(({ overlaps }) => (overlaps ? [overlaps] : []));
  if (perLayer.length < layers.length) return null;
  return couples.map(([a, b], couple) =>
    describeOverlap(
      chosen[a].name,
      chosen[b].name,
      perLayer.map((overlaps) => overlaps[couple]),
    ),
  );
}

function neuronsOf(
  activations: readonly (readonly DomainActivation[])[],
  chosen: readonly Domain[],
): NonNullable<DomainsDocument["neurons"]> {
  const neurons = activations.map((layers) => layers.map((layer) => Float64Array.from(layer.neurons)));
  return everyTwo(chosen.length).map(([a, b]) => ({
    a: chosen[a].name,
    b: chosen[b].name,
    neurons: separatingNeurons(neurons[a], neurons[b]),
  }));
}
