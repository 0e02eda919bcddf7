import type { Estimate, ShrinkRequest } from "../api";
import { SWEEP_PASSES } from "../prune/costs";
import { continuationMemory } from "../prune/plan";
import { blockBytes, estimateSweep, guess } from "../run/estimate";
import { machineSpeed } from "../run/machine";
import { planRequest } from "../run/run";
import { openRuntime } from "../runtime/open-runtime";
import { planSweep } from "../sweep/plan";
import { activationSweep } from "./choose-units";
import { readForSpeed, SPEED_PASSES } from "./measure-speed";
import { prepareShrinking } from "./prepare";

/** Passes of a token through a model of which rows and columns are picked as they are read. */
const OVERHEAD = 1.3;

/** At least so many multiplications and additions as a shrinking takes that knows nothing yet: of each way its first step, and the measurement of how fast both models are. */
export function shrinkFlops({ model, set, by, compared = [] }: ShrinkRequest): number {
  const ways = new Set([by, ...compared]);
  const ids = set.samples.map((sample) => sample.ids);
  const passes = (ways.has("activation") ? SWEEP_PASSES : 0) + (ways.has("perplexity") ? model.layers : 0);
  return 2 * model.scored * (passes * lengthOf(ids) + SPEED_PASSES * lengthOf(readForSpeed(ids)));
}

const lengthOf = (ids: readonly Int32Array[]): number => ids.reduce((sum, { length }) => sum + length, 0);

/**
 * What a shrinking would take, from sizes alone and the measurement of this machine.
 * @throws ParamscopeError as `shrink` itself would, before it computes.
 */
export async function estimateShrinking(request: ShrinkRequest): Promise<Estimate> {
  const { model } = request;
  const { samples, windows, prompt, notes, costs } = await prepareShrinking(request);
  const sweeping = { ...activationSweep(samples), reducers: [] };
  const planned = planRequest(request, sweeping);
  const plan = planSweep(planned);
  const sweep = await estimateSweep(request, { lengths: planned.lengths, plan, sets: 1 });
  const { productFlops } = await machineSpeed(await openRuntime(request));
  const passed =
    costs.forwards * costs.forward +
    costs.evaluations * costs.evaluate +
    costs.speed +
    costs.tasks +
    (prompt ? 2 : 0) * costs.continuation +
    costs.write;
  const predicted =
    (windows?.ids.reduce((sum, { length }) => sum + length, 0) ?? 0) * costs.evaluations +
    (costs.forwards * costs.forward) / OVERHEAD;
  const head = 4 * model.vocabularySize * model.hiddenSize;
  const [low, high] = guess((OVERHEAD * (passed * 2 * model.scored + predicted * head)) / productFlops);
  const held = 2 * continuationMemory(model);
  return {
    ...sweep,
    seconds: [costs.sweeps * sweep.seconds[0] + low, costs.sweeps * sweep.seconds[1] + high],
    memory: Math.max(sweep.memory, held <= planned.budget ? held : 0),
    leastMemory: plan.leastMemory,
    diskRead: costs.sweeps * sweep.diskRead + (costs.forwards + costs.evaluations + 2) * blockBytes(model),
    notes,
  };
}
