import type { Model } from "../../../src/engine/model/model";
import { openRuntime } from "../../../src/engine/runtime/open-runtime";
import type { RuntimeWish } from "../../../src/engine/runtime/runtime";
import { formBatches, type Batch } from "../../../src/engine/sweep/batch";
import type { Grams } from "../../../src/engine/sweep/grams";
import { planSweep, type SweepPlan } from "../../../src/engine/sweep/plan";
import { Profiler } from "../../../src/engine/sweep/profiler";
import type { Reducer, Unit } from "../../../src/engine/sweep/reducers/reducer";
import {
  sweep,
  type GradientObserver,
  type ResumePoint,
  type SweepResult,
  type SweepStep,
} from "../../../src/engine/sweep/sweep";
import type { Target } from "../../../src/engine/sweep/target";
import type { Sample } from "../../../src/engine/text/sample";
import { returnedOf } from "./returned-of";

export interface SweepSettings {
  readonly model: Model;
  readonly samples: readonly Sample[];
  readonly units?: readonly Unit[];
  readonly reducers?: readonly Reducer[];
  readonly target?: Target;
  readonly runtime?: RuntimeWish;
  /** Positions of a batch. */
  readonly positions?: number;
  /** The batches themselves. */
  readonly batches?: readonly Batch[];
  readonly grams?: Grams;
  readonly observer?: GradientObserver;
  readonly holdsGradients?: boolean;
  readonly holds?: boolean;
  readonly tileBytes?: number;
  readonly spill?: boolean;
  readonly eachPart?: boolean;
  readonly from?: ResumePoint;
  readonly signal?: AbortSignal;
}

export const maxLogit: Target = { kind: "max-logit" };

/** A sweep that stops after every block. */
export async function* stepwise(settings: SweepSettings): AsyncGenerator<SweepStep, SweepResult, void> {
  const { model, samples, units = [], reducers = [], target = maxLogit, signal } = settings;
  return yield* sweep({
    model,
    samples,
    units,
    reducers,
    target,
    signal,
    grams: settings.grams,
    observer: settings.observer,
    from: settings.from,
    eachPart: settings.eachPart,
    runtime: await openRuntime({ threads: 1, ...settings.runtime }),
    plan: planOf(settings, units, target),
    profiler: new Profiler(),
  });
}

/** A sweep from beginning to end. */
export async function swept(settings: SweepSettings): Promise<SweepResult> {
  return await returnedOf(stepwise(settings));
}

/** The plan that a run of unlimited memory would have, apart from what a test asks for. */
function planOf({ model, samples, ...wanted }: SweepSettings, units: readonly Unit[], target: Target): SweepPlan {
  const lengths = samples.map(({ ids }) => ids.length);
  const plan = planSweep({ model, lengths, target, units, keepsMatrices: false, budget: Infinity });
  return {
    ...plan,
    batches:
      wanted.batches ?? (wanted.positions === undefined ? plan.batches : formBatches(lengths, wanted.positions, [])),
    holds: wanted.holds ?? plan.holds,
    holdsGradients: wanted.holdsGradients ?? plan.holdsGradients,
    tileBytes: wanted.tileBytes ?? plan.tileBytes,
    spill: wanted.spill ?? plan.spill,
  };
}
