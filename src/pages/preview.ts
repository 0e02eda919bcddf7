import type { PruningChoices } from "../engine/prune/options";
import type { ShrinkAmount, ShrinkWay, Structure, StructureChoice } from "../engine/shrink/options";
import type { AnalysisDocument, CurvePoint, PruningDocument } from "../engine/document/document";
import type { StreamedAnalysisLayer } from "./analysis";
import type { PruningState, StreamedPrunedLayer } from "./pruning";
import type { CommonRequest, ErrorState, RunMessage, RunState, StreamedLayer } from "./run";

/*
 * The conversation between the extension and the compression preview of the side bar. Its state is that of four runs: the
 * calibration, which the plan follows from, and on request an evaluation, the curve beside it, and an export.
 */

/** How a model is to be pruned: all that the plan follows from, beside the densities of the calibration. */
export type PruningPlan = Readonly<
  Pick<PruningDocument, "criterion" | "sparsity" | "pattern"> & {
    /** What outliers say is only known once it is run. */
    readonly allocation: Exclude<PruningDocument["allocation"], "owl">;
    /** Of the allocation `given`: how a saved pruning was spread over the layers. */
    readonly sparsities?: readonly number[];
  }
>;

/** An analysis of the calibration texts. */
export type CalibrationState = RunState<AnalysisDocument, StreamedAnalysisLayer>;
/** The points of one run; all that there are stand in the evaluated document. */
export type CurveState = RunState<readonly CurvePoint[], StreamedLayer<never>>;

/** What is run beside the calibration. */
export interface PartStates {
  readonly evaluation: PruningState;
  readonly curve: CurveState;
  readonly export: PruningState;
}

export type Part = keyof PartStates;

export type ToPreview =
  | RunMessage<CalibrationState, StreamedAnalysisLayer>
  | {
      readonly type: "part";
      readonly part: "evaluation";
      readonly message: RunMessage<PruningState, StreamedPrunedLayer>;
    }
  | { readonly type: "part"; readonly part: "export"; readonly message: RunMessage<PruningState, StreamedPrunedLayer> }
  | { readonly type: "part"; readonly part: "curve"; readonly message: RunMessage<CurveState, StreamedLayer<never>> }
  /** What the evaluation that was last asked about would take; null: not known. */
  | { readonly type: "cost"; readonly cost: EvaluationCost | null }
  | ({ readonly type: "options" } & OfferedOptions)
  /** The chosen model's name, where it is not the one that was calibrated; else null. */
  | { readonly type: "otherModel"; readonly name: string | null }
  /** What the calibration's model allows; null: that is not known (yet). */
  | { readonly type: "choices"; readonly choices: PruningChoices | null }
  /** What can be taken out of the chosen model; null: another one was chosen than what was told is of. */
  | { readonly type: "structures"; readonly structures: ModelStructures | null };

/** What can be taken out of a model wholly, or why that cannot be said. */
export type ModelStructures =
  | { readonly model: string; readonly choices: readonly StructureChoice[] }
  | { readonly problem: Pick<ErrorState, "message" | "remedy" | "kind"> };

/** What is to be taken out of a model. */
export interface WantedRemoval {
  readonly structure: Structure;
  readonly amount: ShrinkAmount;
  readonly by: ShrinkWay;
  /** The text that it is measured on beside all other ways; undefined: nothing is measured. */
  readonly compareOn?: TextChoice;
}

/** How a saved pruning was made: the controls take it once, and the user goes on from there. */
export interface OfferedOptions {
  /** By which the page knows what it has taken already. */
  readonly id: string;
  readonly plan: PruningPlan;
  /** The windows of its evaluation, and what both models continued; undefined: there was none. */
  readonly windows: number | undefined;
  readonly prompt: string | undefined;
}

/** What is to be evaluated. */
export interface WantedEvaluation {
  readonly plan: PruningPlan;
  readonly on: TextChoice;
  /** The most windows of the text. */
  readonly windows: number;
  /** What both models are to continue. */
  readonly prompt?: string;
}

/** What an evaluation would take; `short`: a few seconds on any machine. */
export type EvaluationCost =
  "short" | { readonly seconds: readonly [low: number, high: number]; readonly memory: number };

/** Which texts: those of the editor, or others, which are asked for. */
export type TextChoice = "file" | "selection" | "other";

export type FromPreview =
  | CommonRequest
  | { readonly type: "calibrate"; readonly from: TextChoice }
  /** A format for each matrix, chosen with these texts: in a panel of its own. */
  | { readonly type: "chooseFormats"; readonly from: TextChoice }
  /** What can be taken out of the chosen model. */
  | { readonly type: "structures" }
  /** Layers, neurons, heads or experts, chosen with these texts: in a panel of its own. */
  | ({ readonly type: "removeParts"; readonly from: TextChoice } & WantedRemoval)
  | ({ readonly type: "evaluate" | "estimate" } & WantedEvaluation)
  /** The points of these criteria that are not there yet. */
  | { readonly type: "measureCurve"; readonly criteria: readonly PruningPlan["criterion"][] }
  | { readonly type: "exportPruned"; readonly plan: PruningPlan; readonly what: "model" | "masks" }
  | { readonly type: "save" };
