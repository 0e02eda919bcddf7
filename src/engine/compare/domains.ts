import type { Domain, DomainsRequest, DomainsResult, RunEvent } from "../api";
import { describeModel, describeRun } from "../document/describe";
import type { DomainPair, DomainsDocument } from "../document/document";
import { ParamscopeError } from "../errors";
import type { Model } from "../model/model";
import type { Pair } from "../pairs/group-pairs";
import { planPairs, type PairsPlan } from "../pairs/plan-pairs";
import { planRequest, runSweep } from "../run";
import { Grams } from "../sweep/grams";
import { activeAbove, thresholdOf } from "../sweep/reducers/histogram";
import type { Unit } from "../sweep/reducers/reducer";
import { StatisticsReducer } from "../sweep/reducers/statistics";
import { targetName } from "../sweep/target";
import { formSamples } from "../text/form-samples";
import type { Sample } from "../text/sample";
import { deepLayers, relevance } from "./deep-layers";
import { separatingNeurons } from "./separating-neurons";
import { permutationTest, type Stratum } from "./permutation-test";

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
  const { plan, units } = planDomains(
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
  const similarities = (kind: Kind, layer: number): number[] =>
    samplesOfPair.map(([a, b]) => grams.products(kind, layer, a, b).similarity);
  const isWithin = comparisons.flatMap(({ a, b, pairs: own }) => own.map(() => a === b));

  const swept = yield* runSweep(
    request,
    {
      ...sweeping,
      samples: plan.textOf.map((text) => samples[text]),
      units,
      reducers: [statistics],
      grams,
      plan: plan.sweep,
    },
    (layer) => {
      const values = similarities("plain", layer);
      return {
        parameters: model.scored / model.layers,
        within: mean(values.filter((_, i) => isWithin[i])),
        across: mean(values.filter((_, i) => !isWithin[i])),
      };
    },
  );

  const layers = Array.from({ length: model.layers }, (_, layer) => layer);
  const strata = strataOf(plan, home, count);
  const significance = (kind: Kind): number[] =>
    layers.map((layer) =>
      permutationTest(
        strata.map((stratum) => stratum(grams, kind, layer)),
        request.seed,
      ),
    );
  const ofKind = (kind: Kind) => layers.map((layer) => similarities(kind, layer));
  const [plain, contrasts] = [ofKind("plain"), contrast ? ofKind("contrast") : undefined];
  let first = 0;
  const document: DomainsDocument = {
    format: "paramscope.domains",
    version: 1,
    model: await describeModel(model),
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
    density: units.length > 0 ? units.map((_, unit) => densities(statistics, model, unit, share)) : null,
    neurons: units.length > 0 ? neuronsOf(statistics, model, chosen) : null,
    significance: significance("plain"),
    contrastSignificance: contrast ? significance("contrast") : null,
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
  const spaced = all.map((domain) => {
    const { name, texts } = domain;
    if (texts.length <= maxTexts) return domain;
    notes.push(`${maxTexts} of ${texts.length} texts of ${name} were taken (--samples ${maxTexts}).`);
    return {
      name,
      texts: Array.from({ length: maxTexts }, (_, i) => texts[Math.floor((i * texts.length) / maxTexts)]),
    };
  });
  const count = Math.min(...spaced.map(({ texts }) => texts.length));
  return spaced.map(({ name, texts }) => {
    if (texts.length > count)
      notes.push(
        `The last ${texts.length - count} of ${texts.length} texts of ${name} were left out: another domain has ${count}.`,
      );
    return { name, texts: texts.slice(0, count) };
  });
}

/** Domain after domain, the first window of each text. */
function samplesOf(chosen: readonly Domain[], { model, window }: DomainsRequest, notes: string[]): Sample[] {
  let cut = 0;
  const samples = chosen.flatMap(({ texts }) =>
    texts.map((text) => {
      const set = formSamples([text], model.tokenizer, { window, maxSamples: 1, context: model.context });
      if (set.windowsSkipped > 0) cut++;
      return set.samples[0];
    }),
  );
  if (cut > 0)
    notes.push(
      `Of ${cut} of ${samples.length} texts only the first ${Math.min(window, model.context)} tokens were taken (--window).`,
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

/** With each domain's density where the memory allows it, else without, which is said. */
function planDomains(
  request: DomainsRequest,
  sweeping: Parameters<typeof planRequest>[1],
  pairs: readonly Pair[],
  domainCount: number,
  notes: string[],
): { plan: PairsPlan; units: readonly Unit[] } {
  const count = sweeping.samples.length / domainCount;
  const unitsOf = (textOf: readonly number[]): Unit[] => {
    const home = [...firstOccurrences(textOf)];
    return Array.from({ length: domainCount }, (_, domain) => ({
      sets: [home.filter((sample) => Math.floor(textOf[sample] / count) === domain)],
    }));
  };
  const plan = planRequest(request, sweeping);
  try {
    const withDensity = planPairs(plan, pairs, request.contrast, unitsOf);
    return { plan: withDensity, units: unitsOf(withDensity.textOf) };
  } catch (error) {
    if (!(error instanceof ParamscopeError)) throw error;
    const without = planPairs(plan, pairs, request.contrast);
    notes.push(`The density of each domain was left out: ${error.message}`);
    return { plan: without, units: [] };
  }
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

/** Per layer, with the threshold that makes the domain's strongest share of all parameters active. */
function densities(statistics: StatisticsReducer, model: Model, unit: number, share: number): number[] {
  const layers = Array.from({ length: model.layers }, (_, layer) =>
    [...statistics.layer(layer, unit).values()].flatMap(({ parts }) => parts),
  );
  const tau = thresholdOf(share, model.scored, layers.flat());
  return layers.map(
    (parts) =>
      parts.reduce((sum, part) => sum + activeAbove(part, tau), 0) /
      parts.reduce((sum, part) => sum + part.parameters, 0),
  );
}

/** The feed-forward neurons are the columns of the block's last matrix. */
function neuronsOf(
  statistics: StatisticsReducer,
  { modules, layers }: Model,
  chosen: readonly Domain[],
): NonNullable<DomainsDocument["neurons"]> {
  const last = modules[modules.length - 1].name;
  const columns = chosen.map((_, domain) =>
    Array.from(
      { length: layers },
      (_, layer) => statistics.layer(layer, domain).get(last)?.columns ?? new Float64Array(),
    ),
  );
  return chosen.flatMap(({ name }, a) =>
    chosen.slice(a + 1).map((other, i) => ({
      a: name,
      b: other.name,
      neurons: separatingNeurons(columns[a], columns[a + 1 + i]),
    })),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
