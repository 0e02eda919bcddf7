import { elementAt } from "../numbers/elements";
import { mean } from "../numbers/statistics";
import type { RunOptions } from "../api";
import { deepLayers, relevance } from "../compare/deep-layers";
import type { Pair } from "../pairs/group-pairs";
import { planPairs } from "../pairs/plan-pairs";
import type { PruneEvents } from "../prune/run-parts";
import { planRequest, runSweep } from "../run/run";
import { Grams } from "../sweep/grams";
import type { Sample } from "../text/sample";
import { scoredAt } from "../model/model";

/**
 * How alike each text of a pool is to those of a domain: the mean over the domain's texts of the similarity of activations in the
 * deep layers. The domain's texts share a batch with every text of the pool.
 */
export async function* similaritiesTo(
  options: RunOptions,
  domain: readonly Sample[],
  pool: readonly Sample[],
): PruneEvents<number[]> {
  const { model } = options;
  const samples = [...domain, ...pool];
  const pairs = pool.flatMap((_, text) => domain.map((_, own): Pair => [own, domain.length + text]));
  const sweeping = { samples, units: [], reducers: [], keepsMatrices: false };
  const plan = planPairs(planRequest(options, sweeping), pairs, false);
  const grams = new Grams(undefined);
  yield* runSweep(
    options,
    { ...sweeping, samples: plan.textOf.map((text) => elementAt(samples, text)), grams, plan: plan.sweep },
    (layer) => ({ parameters: scoredAt(model, layer), figures: {} }),
  );
  const similarities = plan.pairSamples.map((pair) =>
    relevance(
      Array.from({ length: model.layers }, (_, layer) => grams.products("plain", layer, ...pair).similarity),
      deepLayers(model.layers, options.deep),
    ),
  );
  return pool.map((_, text) => mean(similarities.slice(text * domain.length, (text + 1) * domain.length)));
}
