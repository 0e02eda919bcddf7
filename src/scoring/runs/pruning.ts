import type { PruningDocument } from "../../engine/document/document";
import { restoreSample } from "../../engine/document/restore";
import { estimatePruning, prune, type PruneRequest, pruningFlops } from "../../engine/index";
import type { AskedPruning } from "../../kinds/pruning";
import { runOptions } from "./options";
import type { Run, RunContext } from "./run";

/** What a model loses that is pruned by what texts activate. */
export const pruningRun: Run<AskedPruning, PruningDocument> = {
  format: "paramscope.pruning",
  start: (asked, context) => prune(requestOf(asked, context)),
  arithmetic: (asked, context, times) => pruningFlops(requestOf(asked, context), times),
  estimate: async (asked, context, times) => await estimatePruning(requestOf(asked, context), times),
};

function requestOf({ pruning }: AskedPruning, context: RunContext): PruneRequest {
  const {
    calibration: { texts, notes, samples },
    ...asked
  } = pruning;
  const { window } = context.settings;
  const calibration = samples?.map(restoreSample) ?? texts;
  return { ...runOptions(context), ...asked, calibration, window, notes, dense: context.kept.dense };
}
