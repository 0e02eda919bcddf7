import type { PairsDocument } from "../../engine/document/document";
import { estimatePairs, pairs, type PairsRequest } from "../../engine/index";
import type { AskedPairs } from "../../kinds/pairs";
import { mostTokens, resumeOptions, runOptions, SEED, sweepArithmetic } from "./options";
import type { Run, RunContext } from "./run";

/** Whether activations follow what people say of sentence pairs. */
export const pairsRun: Run<AskedPairs, PairsDocument> = {
  format: "paramscope.pairs",
  start: (asked, context) => pairs(requestOf(asked, context)),
  arithmetic: ({ pairs }, context) =>
    sweepArithmetic(context, mostTokens([...new Set(pairs.flatMap(({ a, b }) => [a, b]))])),
  estimate: async (asked, context) => await estimatePairs(requestOf(asked, context)),
};

function requestOf({ pairs, source, template, notes }: AskedPairs, context: RunContext): PairsRequest {
  const { window } = context.settings;
  const asked = { pairs, source, template, notes };
  return { ...runOptions(context), ...asked, window, contrast: true, ...resumeOptions(context), seed: SEED };
}
