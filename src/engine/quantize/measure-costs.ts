import type { LayerDone, Profile, RunEvent, RunOptions } from "../api";
import { scoredAt, type Model } from "../model/model";
import { runSweep, type Sweeping } from "../run/run";
import type { Sample } from "../text/sample";
import { BlockCosts } from "./block-costs";
import { InputImportance, type Importance } from "./input-importance";
import type { CostMeasure, CostsOfRounding } from "./known-costs";
import type { Rounding } from "./rounding";
import { RoundingCosts } from "./rounding-costs";
import type { QuantizedTensor } from "./tensors";
import { heldForVocabulary, VocabularyCosts } from "./vocabulary-costs";

export interface MeasuredCosts extends CostsOfRounding {
  readonly profile: Profile;
}

export interface CostRequest {
  readonly samples: readonly Sample[];
  readonly tensors: readonly QuantizedTensor[];
  readonly roundings: readonly Rounding[];
  readonly measure: CostMeasure;
  /** Known before; undefined: measured in the same sweep, which only a sensitivity's can. */
  readonly importance?: Importance;
}

/** The sweep that measures costs, without what it observes. */
export function costSweep(
  model: Model,
  { samples, measure }: Pick<CostRequest, "samples" | "measure">,
): Pick<Sweeping, "samples" | "units" | "keepsMatrices" | "score" | "beside"> {
  const isSensitivity = measure === "sensitivity";
  return {
    samples,
    // the sweep's loss is the mean over a window's predicted tokens, and what counts is their sum
    units: [
      {
        sets: [samples.map((_, i) => i)],
        ...(isSensitivity && { factors: samples.map(({ ids }) => (ids.length - 1) ** 2) }),
      },
    ],
    keepsMatrices: false,
    beside: heldForVocabulary(model, samples),
    score: isSensitivity ? "squared gradient" : "activation",
  };
}

/** The target of the sweep that measures costs. */
export const costTarget = (measure: CostMeasure): RunOptions["target"] => ({
  kind: measure === "sensitivity" ? "loss" : "spread",
});

/**
 * What each format would cost each tensor of a model, in one sweep over texts: the matrices are rounded to every format as their scores come, by tiles, so that
 * neither gradients nor rounded weights are kept.
 * @throws ParamscopeError as a sweep does; the signal's reason when aborted.
 */
export async function* measureCosts(
  options: Omit<RunOptions, "target">,
  { samples, tensors, roundings, measure, importance: known }: CostRequest,
): AsyncGenerator<Exclude<RunEvent<never>, { type: "done" }>, MeasuredCosts, void> {
  const { model, signal } = options;
  const target = costTarget(measure);
  const sweeping = costSweep(model, { samples, measure });
  const costs = new RoundingCosts(sweeping.score ?? "activation", roundings);
  const observed = known ? undefined : new InputImportance(model);
  const importance = (name: string): Float32Array | undefined => (known?.get(name) ?? observed?.of(name))?.squares;
  const vocabulary = new VocabularyCosts(model, samples, measure === "sensitivity" ? "loss" : "spread");
  const { runtime, profiler } = yield* runSweep(
    { ...options, target },
    {
      ...sweeping,
      reducers: [new BlockCosts(model, tensors, costs, importance)],
      atHead: vocabulary.atHead,
      observer: async (block) => {
        await observed?.observe(block);
        await vocabulary.observe(block);
      },
    },
    (layer): Omit<LayerDone, "layer" | "layers"> => ({ parameters: scoredAt(model, layer), figures: {} }),
  );
  await vocabulary.measure({ model, runtime, profiler }, tensors, costs, signal);
  return {
    costs: tensors.map((tensor) => costs.costs(tensor)),
    importance: known ?? observed?.all ?? new Map(),
    profile: profiler.seconds,
  };
}
