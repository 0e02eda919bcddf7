import type { Estimate, TwoModelsRequest } from "../api";
import { estimateSweep } from "../run/estimate";
import { compareStructure } from "./comparable";
import { planTwoModels } from "./plan-two-models";

/** Sets that are reduced: of the first model's scores a copy is made, and the second's are compared with it. */
const SETS = 2;

/**
 * What a comparison of two models would take, from sizes alone and the measurement of this machine.
 * @throws ParamscopeError as `compareModels` itself would, before it computes.
 */
export async function estimateModels(request: TwoModelsRequest): Promise<Estimate> {
  const { model, other, set, target } = request;
  compareStructure(model, other, set.samples, target);
  const { plan, memory, leastMemory } = planTwoModels(request);
  const lengths = set.samples.map(({ ids }) => ids.length);
  const [a, b] = [
    await estimateSweep(request, { lengths, plan, sets: SETS, eachExpert: true }),
    await estimateSweep({ ...request, model: other }, { lengths, plan, sets: SETS, eachExpert: true }),
  ];
  return {
    ...a,
    seconds: [a.seconds[0] + b.seconds[0], a.seconds[1] + b.seconds[1]],
    memory,
    leastMemory,
    // vocabularies once more, to compare what is predicted
    diskRead: a.diskRead + b.diskRead + headBytes(model) + headBytes(other),
    spilled: a.spilled + b.spilled,
  };
}

function headBytes({ checkpoint, definition }: TwoModelsRequest["model"]): number {
  return checkpoint.tensors.get(definition.head.weight)?.bytes ?? 0;
}
