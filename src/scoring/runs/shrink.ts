import type { ShrinkDocument } from "../../engine/document/document";
import { estimateShrinking, shrink, shrinkFlops, type ShrinkRequest } from "../../engine/index";
import { defaults } from "../../engine/run/defaults";
import type { AskedShrink } from "../../kinds/shrink";
import { runOptions, SEED } from "./options";
import type { Run, RunContext } from "./run";
import { sampleSet } from "./sample-set";

/** A model that loses layers, neurons, heads or experts wholly. */
export const shrinkRun: Run<AskedShrink, ShrinkDocument> = {
  format: "paramscope.shrink",
  start: (asked, context) => shrink(requestOf(asked, context)),
  arithmetic: (asked, context) => shrinkFlops(requestOf(asked, context)),
  estimate: async (asked, context) => await estimateShrinking(requestOf(asked, context)),
};

function requestOf({ shrink }: AskedShrink, context: RunContext): ShrinkRequest {
  const { calibration, evaluation, seed = SEED, ...asked } = shrink;
  const { windows, window } = defaults.changed;
  return {
    ...runOptions(context),
    ...asked,
    set: sampleSet(calibration, context),
    seed,
    evaluation: evaluation && { text: evaluation, windows, window: Math.min(context.settings.window, window) },
    known: context.kept.units,
  };
}
