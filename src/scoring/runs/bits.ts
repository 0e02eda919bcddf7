import type { BitsDocument } from "../../engine/document/document";
import { estimateQuantizing, quantize, type QuantizeRequest } from "../../engine/index";
import { defaults } from "../../engine/run/defaults";
import type { AskedBits } from "../../kinds/bits";
import { machineOptions, sweepArithmetic } from "./options";
import type { Run, RunContext } from "./run";
import { sampleSet, tokensOf } from "./sample-set";

/** One format for each matrix of a model, within a size. */
export const bitsRun: Run<AskedBits, BitsDocument> = {
  format: "paramscope.bits",
  start: (asked, context) => quantize(requestOf(asked, context)),
  arithmetic: ({ bits }, context) => sweepArithmetic(context, tokensOf(sampleSet(bits.calibration, context))),
  estimate: async (asked, context) => await estimateQuantizing(requestOf(asked, context)),
};

function requestOf({ bits }: AskedBits, context: RunContext): QuantizeRequest {
  const { calibration, evaluation, ...asked } = bits;
  const { windows, window } = defaults.changed;
  return {
    ...machineOptions(context),
    ...asked,
    set: sampleSet(calibration, context),
    evaluation: evaluation && { text: evaluation, windows, window: Math.min(context.settings.window, window) },
    known: context.kept.known,
  };
}
