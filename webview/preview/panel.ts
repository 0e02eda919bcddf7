import type { PruningChoices } from "../../src/engine/prune/options";
import type { AnalysisDocument } from "../../src/engine/document/document";
import type { EvaluationCost, FromPreview, PartStates } from "../../src/pages/preview";
import type { Charts } from "../pruning/panel";
import type { ActivationLosses } from "./activation-losses";
import type { ViewState } from "./view-state";

/** What every part of the preview draws from. */
export interface Panel extends Charts {
  /** The title of the calibration. */
  readonly title: string;
  readonly document: AnalysisDocument;
  readonly losses: ActivationLosses;
  /** The chosen model's name, where it is not the one that was calibrated; else null. */
  readonly otherModel: string | null;
  /** What the calibration's model allows; null: not known (yet). */
  readonly choices: PruningChoices | null;
  /** The cost of the evaluation that the controls stand for; null: not known. */
  readonly cost: EvaluationCost | null;
  readonly parts: PartStates;
  readonly view: ViewState;
  readonly change: (change: Partial<ViewState>) => void;
  readonly post: (message: FromPreview) => void;
}
