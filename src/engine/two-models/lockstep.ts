import type { RunEvent, RunOptions } from "../api";
import type { Model } from "../model/model";
import { BACKWARD_COST } from "../run/run";
import type { Runtime } from "../runtime/runtime";
import type { BlockRunner } from "../sweep/block-runner";
import type { HeadSample } from "../sweep/head";
import type { SweepPlan } from "../sweep/plan";
import type { Profiler } from "../sweep/profiler";
import type { Reducer } from "../sweep/reducers/reducer";
import type { Target } from "../sweep/target";
import { sweep, type SweepRequest, type SweepResult, type SweepStep } from "../sweep/sweep";
import type { Sample } from "../text/sample";
import { KeptScores, PairedScores, type PairedReducer } from "./paired-scores";

/** Two models that are swept over the same samples, which are one set. */
export interface Lockstep {
  readonly a: Model;
  readonly b: Model;
  readonly samples: readonly Sample[];
  readonly reducers: readonly PairedReducer[];
  /** Of either sweep. */
  readonly plan: SweepPlan;
  readonly runtime: Runtime;
  readonly profiler: Profiler;
}

/** What a sweep ends with. */
export interface SweptModel extends SweepResult {
  /** Per sample the hidden state behind the last block where the next token is predicted, `[samples, hidden]`. */
  readonly last: Float32Array;
}

/** What is told meanwhile: a layer that both are done with, or how far they are. */
export type LockstepEvent =
  { readonly type: "layer"; readonly layer: number } | Extract<RunEvent<never>, { type: "progress" }>;

/**
 * Sweeps two models side by side, the deepest block first: the first model's scores of a block and its weights stay until the
 * second's scores of the same block have come, of experts one after the other. So two blocks are held and one block's scores, however deep the models are.
 */
export async function* lockstep(
  { target, signal }: Pick<RunOptions, "target" | "signal">,
  { a, b, samples, reducers, plan, runtime, profiler }: Lockstep,
): AsyncGenerator<LockstepEvent, readonly [SweptModel, SweptModel], void> {
  const scores = new KeptScores();
  let firstBlocks: BlockRunner | undefined;
  const observer: SweepRequest["observer"] = ({ blocks }) => {
    firstBlocks = blocks;
    return Promise.resolve();
  };
  const paired = new PairedScores(
    {
      scores,
      weights: ({ name }) => {
        if (firstBlocks === undefined) throw new Error("the first model has not been swept");
        return firstBlocks.weight(`${name}.weight`);
      },
    },
    reducers,
  );
  const start = (model: Model, reducer: Reducer, observer?: SweepRequest["observer"]): RunningSweep => {
    const last = new Float32Array(samples.length * model.hiddenSize);
    const units = [{ sets: [samples.map((_, i) => i)] }];
    const common = { model, runtime, profiler, samples, target, units, plan, signal, eachExpert: true };
    const atHead = lastStates(last, model.hiddenSize, target);
    return { last, steps: sweep({ ...common, reducers: [reducer], observer, atHead }) };
  };
  const first = start(a, scores, observer);
  const second = start(b, paired);
  const progress = progressOf(a.layers);
  try {
    for (const { steps } of [first, second])
      for (let step = await next(steps); ; step = await next(steps)) {
        yield progress(step);
        if (step.phase === "head") break;
      }
    for (let layer = a.layers - 1; layer >= 0; layer--) {
      // stage by stage: what is kept of the first model is one stage's
      let [own, other] = [await next(first.steps), await next(second.steps)];
      for (; own.phase === "stage"; [own, other] = [await next(first.steps), await next(second.steps)]) scores.clear();
      yield progress(own);
      yield { type: "layer", layer };
      yield progress(other);
    }
    return [await ended(first), await ended(second)];
  } finally {
    // what is not at its end gives back its files and its sessions
    for (const { steps } of [first, second]) await steps.return({ heads: [], saliency: [] });
  }
}

interface RunningSweep {
  readonly last: Float32Array;
  readonly steps: AsyncGenerator<SweepStep, SweepResult, void>;
}

async function next(steps: RunningSweep["steps"]): Promise<SweepStep> {
  const { done, value } = await steps.next();
  if (done) throw new Error("a sweep ended before the other");
  return value;
}

async function ended({ steps, last }: RunningSweep): Promise<SweptModel> {
  const { done, value } = await steps.next();
  if (!done) throw new Error("a sweep went on after the other");
  return { ...value, last };
}

/** Keeps the last of the rows that the head is given of each sample; of an answer's the first, behind the text. */
function lastStates(into: Float32Array, hiddenSize: number, target: Target): (samples: readonly HeadSample[]) => void {
  return (samples) => {
    for (const [i, { hidden }] of samples.entries()) {
      const from = target.kind === "answer" ? 0 : hidden.length - hiddenSize;
      into.set(hidden.subarray(from, from + hiddenSize), i * hiddenSize);
    }
  };
}

/** How far both sweeps are together. */
function progressOf(layers: number): (step: SweepStep) => LockstepEvent {
  const start = performance.now();
  const done = { forward: 0, backward: 0 };
  return ({ phase }) => {
    if (phase === "stage" || phase === "part") throw new Error(`a ${phase} is no progress`);
    if (phase !== "head") done[phase]++;
    const share = (done.forward + BACKWARD_COST * done.backward) / (2 * layers * (1 + BACKWARD_COST));
    const seconds = (performance.now() - start) / 1000;
    return {
      type: "progress",
      phase,
      done: done[phase === "backward" ? "backward" : "forward"],
      layers: 2 * layers,
      share,
      secondsLeft: done.forward > 1 ? (seconds * (1 - share)) / share : undefined,
    };
  };
}
