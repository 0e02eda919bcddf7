import type { PruneRequest } from "../api";
import type { EvaluatedWindows } from "./window-losses";
import { evaluate } from "./evaluate";
import type { EvaluationWindows } from "./evaluation-windows";
import { pruneModel, type PruneContext } from "./prune-model";
import type { PruneEvents } from "./run-parts";

/**
 * What the same pruning costs where every layer loses the same share: what an allocation has bought is only seen beside it.
 * @param known the dense model's `predictingStates`, where they are known
 */
export async function* evaluateEven(
  request: PruneRequest,
  context: PruneContext & { readonly costs: { readonly evaluateEven: number } },
  { ids }: EvaluationWindows,
  known: Float32Array | undefined,
): PruneEvents<{ readonly evaluated: EvaluatedWindows; readonly states: Float32Array }> {
  const { model, signal } = request;
  const { parts, costs, runtime, profiler } = context;
  const pruned = yield* withoutLayers(pruneModel({ ...request, allocation: "uniform" }, context));
  try {
    const models = { dense: model, pruned: pruned.model, known };
    return yield* parts.run(costs.evaluateEven, evaluate({ ...models, ids, runtime, profiler, signal }));
  } finally {
    await pruned.dispose();
  }
}

/** The progress of a run whose layers are no result. */
async function* withoutLayers<Result>(events: PruneEvents<Result>): PruneEvents<Result> {
  for (;;) {
    const step = await events.next();
    if (step.done) return step.value;
    if (step.value.type === "progress") yield step.value;
  }
}
