import type { Estimate, QuantizeRequest } from "../api";
import { blockBytes, estimateSweep, guess } from "../run/estimate";
import { machineSpeed } from "../run/machine";
import { planRequest } from "../run/run";
import { openRuntime } from "../runtime/open-runtime";
import { planSweep } from "../sweep/plan";
import type { CostMeasure } from "./known-costs";
import { costSweep, costTarget } from "./measure-costs";
import { prepareQuantizing } from "./prepare";

/** Seconds in which one weight is rounded to one format, by importance: the mean of docs/design/compression.md, on one core. */
const ROUNDING_SECONDS = 20e-9;
/** Passes of a token through a model whose matrices are rounded as they are read. */
const OVERHEAD = 1.3;

/** What a sweep takes that was made before. */
const nothingTaken: Pick<Estimate, "seconds" | "diskRead" | "spilled"> = { seconds: [0, 0], diskRead: 0, spilled: 0 };

/**
 * What a quantisation would take, from sizes alone and the measurement of this machine.
 * @throws ParamscopeError as `quantize` itself would, before it computes.
 */
export async function estimateQuantizing(request: QuantizeRequest): Promise<Estimate> {
  const { model } = request;
  const { samples, tensors, roundings, windows, ways, points, prompt, notes, costs, known } =
    await prepareQuantizing(request);
  const measures: CostMeasure[] = ways.includes("activation") ? ["sensitivity", "activation"] : ["sensitivity"];
  const sweeps = await Promise.all(
    measures.map(async (measure) => {
      const options = { ...request, target: costTarget(measure) };
      const sweeping = { ...costSweep(model, { samples, measure }), reducers: [] };
      const planned = planRequest(options, sweeping);
      const plan = planSweep(planned);
      const cost = await estimateSweep(options, { lengths: planned.lengths, plan, sets: 1 });
      return { ...cost, ...(known[measure] && nothingTaken), leastMemory: plan.leastMemory };
    }),
  );
  const [first] = sweeps;
  if (first === undefined) throw new Error("something is measured");
  const weights = tensors.reduce(
    (sum, { parameters, columns }) => sum + parameters * roundings.filter(({ divides }) => divides(columns)).length,
    0,
  );
  const parameters = tensors.reduce((sum, tensor) => sum + tensor.parameters, 0);
  const { productFlops } = await machineSpeed(await openRuntime(request));
  const predicted = windows?.ids.reduce((sum, { length }) => sum + length, 0) ?? 0;
  const evaluations = windows ? 2 + points.length : 0;
  const head = 2 * model.vocabularySize * model.hiddenSize;
  const continued = prompt ? 2 * 2 * model.scored * costs.continuation : 0;
  const answered = 2 * model.scored * costs.tasks;
  const flops = evaluations * predicted * (2 * model.scored + 2 * head) + continued + answered;
  const [low, high] = guess(
    measures.filter((measure) => known[measure] === undefined).length * weights * ROUNDING_SECONDS +
      (evaluations * parameters + (prompt ? parameters : 0)) * ROUNDING_SECONDS +
      (OVERHEAD * flops) / productFlops,
  );
  const total = (of: (cost: (typeof sweeps)[number]) => number): number =>
    sweeps.reduce((sum, cost) => sum + of(cost), 0);
  return {
    ...first,
    seconds: [total(({ seconds }) => seconds[0]) + low, total(({ seconds }) => seconds[1]) + high],
    memory: Math.max(...sweeps.map(({ memory }) => memory)),
    leastMemory: Math.max(...sweeps.map(({ leastMemory }) => leastMemory)),
    diskRead: total(({ diskRead }) => diskRead) + evaluations * blockBytes(model),
    spilled: Math.max(...sweeps.map(({ spilled }) => spilled)),
    notes,
  };
}
