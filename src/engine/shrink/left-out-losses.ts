import type { RunOptions } from "../api";
import { comparedStates, predictingStates } from "../prune/evaluate";
import type { PruneEvents, RunParts } from "../prune/run-parts";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import type { Sample } from "../text/sample";
import { shrunkModel } from "./shrunk-model";

/** The fewest ids of a text of which something is predicted. */
export const LEAST_IDS = 2;

/**
 * How much likelier texts are with each layer than without it: the rise of the mean negative log-likelihood of their tokens, in nats, where it alone is left out.
 * @param samples those that predict something count.
 */
export async function* leftOutLosses(
  options: RunOptions,
  { samples }: { readonly samples: readonly Sample[] },
  parts: RunParts,
  costs: { readonly forward: number },
): PruneEvents<Float64Array> {
  const { model, signal } = options;
  const ids = samples.map((sample) => sample.ids).filter(({ length }) => length >= LEAST_IDS);
  const runtime = await openRuntime(options);
  const passing = { model, runtime, profiler: new Profiler(), ids, ...(signal && { signal }) };
  const whole = yield* parts.run(costs.forward, predictingStates(passing, 0, 1));
  const rises = new Float64Array(model.layers);
  for (let layer = 0; layer < model.layers; layer++) {
    const layers = Array.from({ length: model.layers }, (_, other) => other).filter((other) => other !== layer);
    const without = shrunkModel(model, { structure: "layers", layers, units: [] });
    const states = yield* parts.run(costs.forward, predictingStates({ ...passing, model: without }, 0, 1));
    const { loss, otherLoss } = (await comparedStates(passing, whole, states))();
    rises[layer] = otherLoss - loss;
  }
  return rises;
}
