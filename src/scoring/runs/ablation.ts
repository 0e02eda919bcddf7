import type { AblationDocument } from "../../engine/document/ablation";
import {
  ablate,
  ablationFlops,
  type AblationRequest,
  estimateAblation,
  predictionOfDescribed,
} from "../../engine/index";
import { elementAt } from "../../engine/numbers/elements";
import type { AskedAblation } from "../../kinds/ablation";
import { runOptions } from "./options";
import type { Run, RunContext } from "./run";

/** What a prediction is without a head or a neuron. */
export const ablationRun: Run<AskedAblation, AblationDocument> = {
  format: "paramscope.ablation",
  start: (asked, context) => ablate(requestOf(asked, context)),
  arithmetic: (asked, context) => ablationFlops(requestOf(asked, context)),
  estimate: async (asked, context) => await estimateAblation(requestOf(asked, context)),
};

function requestOf({ samples, without: place }: AskedAblation, context: RunContext): AblationRequest {
  const { target, ...options } = runOptions(context);
  return { ...options, place, ...predictionOfDescribed(elementAt(samples, 0), target) };
}
