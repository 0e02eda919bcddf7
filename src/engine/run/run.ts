import { freemem } from "node:os";

import type { LayerDone, RunEvent, RunOptions } from "../api";
import type { OtherTexts } from "./phases";
import { openRuntime } from "../runtime/open-runtime";
import type { Runtime } from "../runtime/runtime";
import type { PlanRequest } from "../sweep/plan";
import { planSweep, type SweepPlan } from "../sweep/plan";
import type { Grams } from "../sweep/grams";
import { Profiler } from "../sweep/profiler";
import type { Reducer, Unit } from "../sweep/reducers/reducer";
import type { Score } from "../sweep/score-graphs";
import {
  sweep,
  type GradientObserver,
  type ResumePoint,
  type RoutingObserver,
  type SweepRequest,
  type SweepResult,
} from "../sweep/sweep";
import type { Sample } from "../text/sample";

/** The share of the memory that the machine has to spare which a run takes at most, unless it is told a bound. */
const SHARE_OF_FREE_MEMORY = 0.7;
/** What TensorFlow.js takes: its library, and what of a block's weights and a batch's gradients it copies, measured on SmolLM2. */
const TENSORFLOW_BYTES = 200 * 2 ** 20;
/** Backward needs about this many times the time of forward: 2.75 products and the scores against one product. */
export const BACKWARD_COST = 3.2;

/** What a run may take, in bytes, less what plans do not count of TensorFlow.js. */
export function budgetOf({ memory, runtime }: Pick<RunOptions, "memory" | "runtime">): number {
  const budget = memory ?? SHARE_OF_FREE_MEMORY * freemem() + process.memoryUsage.rss();
  return runtime === "tensorflow" ? budget - TENSORFLOW_BYTES : budget;
}

export interface Sweeping {
  readonly samples: readonly Sample[];
  readonly units: readonly Unit[];
  readonly reducers: readonly Reducer[];
  readonly keepsMatrices: boolean;
  /** Sets of which the statistics of every matrix are kept to the end. */
  readonly statistics?: number;
  /** Bytes that observers keep beside the sweep. */
  readonly beside?: number;
  readonly grams?: Grams;
  readonly observer?: GradientObserver;
  /** What the reducers are given; undefined: activations. */
  readonly score?: Score;
  readonly atHead?: SweepRequest["atHead"];
  readonly routing?: RoutingObserver;
  /** Goes on where an earlier run stopped, and keeps how far this one is. */
  readonly resume?: { readonly from?: ResumePoint; save(point: ResumePoint): Promise<void> };
  /** The plan, where it was made already; else the fastest that the memory allows. */
  readonly plan?: SweepPlan;
}

export function planRequest(
  options: RunOptions,
  { samples, units, keepsMatrices, statistics, beside }: Sweeping,
): PlanRequest {
  return {
    model: options.model,
    lengths: samples.map(({ ids }) => ids.length),
    target: options.target,
    units,
    keepsMatrices,
    ...(statistics !== undefined && { statistics }),
    ...(beside !== undefined && { beside }),
    budget: budgetOf(options),
  };
}

export interface Swept extends SweepResult {
  readonly runtime: Runtime;
  readonly profiler: Profiler;
}

/** A sweep with progress: after every block, and some batches of it, how much is done and how long the rest takes, after every layer what is final. */
export async function* runSweep(
  options: RunOptions,
  sweeping: Sweeping,
  layerDone: (layer: number) => Omit<LayerDone, "layer" | "layers">,
): AsyncGenerator<Exclude<RunEvent<never>, { type: "done" }>, Swept, void> {
  const { model, target, signal } = options;
  const start = performance.now();
  const plan = sweeping.plan ?? planSweep(planRequest(options, sweeping));
  const runtime = await openRuntime(options);
  const profiler = new Profiler();
  const total = model.layers * (1 + BACKWARD_COST);
  // who bounds a run means all of it
  if (options.memory !== undefined) model.kept?.release();
  const kept = options.memory === undefined ? model.kept : undefined;
  const common = { model, runtime, target, profiler, signal, kept };
  const steps = sweep({ ...common, ...sweeping, plan, eachPart: true, from: sweeping.resume?.from });
  const end = sweeping.resume?.from?.layer ?? model.layers;
  // what is final already is told like what comes
  for (let layer = model.layers - 1; layer >= end; layer--)
    yield { type: "layer", layer, layers: model.layers, ...layerDone(layer) };
  let forward = model.layers - end;
  let backward = model.layers - end;
  for (;;) {
    const { done, value: step } = await steps.next();
    if (done) return { ...step, runtime, profiler };
    if (step.phase === "stage") continue;
    if (step.phase === "forward") forward++;
    if (step.phase === "backward") {
      backward++;
      yield { type: "layer", layer: step.layer, layers: model.layers, ...layerDone(step.layer) };
      await sweeping.resume?.save(step.resumePoint());
    }
    const [phase, part] = step.phase === "part" ? [step.way, step.share] : [step.phase, 0];
    const isBackward = phase === "backward";
    const share = (forward + BACKWARD_COST * backward + (isBackward ? BACKWARD_COST : 1) * part) / total;
    const seconds = (performance.now() - start) / 1000;
    yield {
      type: "progress",
      phase,
      done: isBackward ? backward : forward,
      layers: model.layers,
      share,
      secondsLeft: forward > 1 ? (seconds * (1 - share)) / share : undefined,
    };
  }
}

/**
 * A run over texts that are swept besides those of a request: its progress says so, and its layers are not the request's.
 * @returns what the run returns.
 */
export async function* aside<Result>(
  run: AsyncGenerator<Exclude<RunEvent<never>, { type: "done" }>, Result, void>,
  of: OtherTexts,
): AsyncGenerator<Extract<RunEvent<never>, { type: "progress" }>, Result, void> {
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
    if (step.value.type === "progress") yield { ...step.value, of };
  }
}
