import type { FromPreview } from "../../src/pages/preview";
import type { Moment } from "../shared/page";
import { nothingTold, type Told } from "./told";
import { canContinue, type ViewState, wantedEvaluation } from "./view-state";

/** The cost of an evaluation, whenever it is another: the plan itself hardly matters to it, nor what the prompt says. */
export function askForCost({
  view,
  told = nothingTold,
}: Moment<ViewState, Told>): { readonly told: Told; readonly request: FromPreview | undefined } | undefined {
  const { choices, parts } = told;
  const isRunning = Object.values(parts).some(({ phase }) => phase === "running");
  if (choices === null || isRunning) return undefined;
  const wanted = wantedEvaluation(view, canContinue(choices));
  const { on, windows, prompt } = wanted;
  const asked = JSON.stringify([view.result, view.criterion, on, windows, prompt !== undefined]);
  if (asked === told.asked) return undefined;
  return {
    told: { ...told, cost: null, asked },
    request: on === "other" ? undefined : { type: "estimate", ...wanted },
  };
}
