import type { CalibrationChoiceRequest, CalibrationStudyRequest, Estimate } from "../api";
import { blockBytes, guess, tokensOf } from "../run/estimate";
import { pruningSeconds, sweepMemory } from "../prune/estimate-pruning";
import { planChoice } from "./choose";
import { planStudy } from "./study";
import { type CalibrationRequest, sharedNotes, type Trials } from "./trials";

/**
 * What a study would take, from sizes alone and the measurement of this machine.
 * @throws ParamscopeError as `calibrationStudy` itself would, before it computes.
 */
export async function estimateStudy(request: CalibrationStudyRequest): Promise<Estimate> {
  return await estimateTrials(request, planStudy(request, []), []);
}

/**
 * What a choice of calibration texts would take, from sizes alone and the measurement of this machine.
 * @throws ParamscopeError as `chooseCalibration` itself would, before it computes.
 */
export async function estimateChoice(request: CalibrationChoiceRequest): Promise<Estimate> {
  const { planned, ofDomain, ofPool, sweep } = planChoice(request, []);
  const cost = await estimateTrials(request, planned, [sweep]);
  const compared = [...ofDomain, ...ofPool];
  return { ...cost, samples: compared.length, tokens: tokensOf(compared) };
}

/**
 * What all trials take together.
 * @param before what is swept before them, in tokens that pass through the model once.
 */
async function estimateTrials(
  request: CalibrationRequest,
  { trials, windows, all }: Trials,
  before: readonly number[],
): Promise<Estimate> {
  const predicted = windows.reduce((sum, { length }) => sum + length, 0);
  const plans = trials.map(({ request: pruning, set: { samples }, plan, costs }) => {
    const sweep = costs.sweeps > 0 ? sweepMemory(pruning, samples) : { memory: 0, leastMemory: 0 };
    return {
      memory: Math.max(plan.memory, sweep.memory),
      leastMemory: Math.max(plan.memory, sweep.leastMemory),
      spilled: plan.spilled,
      reads: 2 + 2 * costs.sweeps,
    };
  });
  const most = (figure: (plan: (typeof plans)[number]) => number): number => Math.max(...plans.map(figure));
  const samples = trials.flatMap(({ set }) => set.samples);
  const reads = plans.reduce((sum, { reads }) => sum + reads, 1 + 2 * before.length);
  return {
    samples: samples.length,
    tokens: tokensOf(samples),
    seconds: guess(await pruningSeconds(request, [...before, ...all], predicted * trials.length, trials.length)),
    memory: most(({ memory }) => memory),
    leastMemory: most(({ leastMemory }) => leastMemory),
    diskRead: reads * blockBytes(request.model),
    spilled: most(({ spilled }) => spilled),
    notes: sharedNotes(
      trials.map(({ name }) => name),
      trials.map(({ set }) => set.notes),
    ),
  };
}
