import type { PruningChoices } from "../../src/engine/prune/options";
import type { CalibrationState, EvaluationCost, ModelStructures, PartStates, ToPreview } from "../../src/pages/preview";
import type { RunMessage } from "../../src/pages/run";
import { followRun } from "../shared/follow-run";
import type { Moment } from "../shared/page";
import { viewOfOptions, type ViewState } from "./view-state";

/** What the preview is told besides the run of its calibration. */
export interface Told {
  /** The chosen model's name, where it is not the one that was calibrated; else null. */
  readonly otherModel: string | null;
  /** What the calibration's model allows; null: not known (yet). */
  readonly choices: PruningChoices | null;
  /** The cost of the evaluation that was last asked about; null: not known. */
  readonly cost: EvaluationCost | null;
  /** The evaluation that the cost was last asked of. */
  readonly asked: string;
  readonly parts: PartStates;
  /** What can be taken out of the chosen model; null: that is to be asked for, once it matters. */
  readonly structures: ModelStructures | "asked" | null;
}

/** What is known before anything is told. */
export const nothingTold: Told = {
  otherModel: null,
  choices: null,
  cost: null,
  asked: "",
  parts: { evaluation: { phase: "empty" }, curve: { phase: "empty" }, export: { phase: "empty" } },
  structures: null,
};

/** The moment after a message: the controls take the options of a saved pruning, each once. */
export function receive(
  now: Moment<ViewState, Told>,
  message: ToPreview | RunMessage<CalibrationState, unknown>,
): Moment<ViewState, Told> {
  const { view, told = nothingTold } = now;
  switch (message.type) {
    case "options":
      if (message.id === view.taken) return now;
      return { ...now, view: { ...view, ...viewOfOptions(message), mode: "zeros", taken: message.id } };
    case "otherModel":
      return { view, told: { ...told, otherModel: message.name } };
    case "choices":
      return { view, told: { ...told, choices: message.choices } };
    case "structures":
      return { view, told: { ...told, structures: message.structures } };
    case "cost":
      return { view, told: { ...told, cost: message.cost } };
    case "part": {
      const { part } = message;
      // each part's messages are of its own states
      const state = followRun<PartStates[typeof part], unknown>(told.parts[part], message.message);
      return { view, told: { ...told, parts: { ...told.parts, [part]: state } } };
    }
    default:
      return now;
  }
}
