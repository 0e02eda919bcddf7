import type { ChosenThreshold } from "../engine/document/at-threshold";
import type { Region } from "../engine/document/matrix-image";
import type {
  AblatedPlace,
  AblationDescription,
  AnalysisDocument,
  MatrixImage,
  PositionsDescription,
} from "../engine/document/document";
import type { CommonRequest, RunMessage, RunProgress, RunState, StreamedLayer } from "./run";

/* The whole conversation between the extension and the webview of one analysis (live panel and saved file alike). */

export type StreamedAnalysisLayer = StreamedLayer<"meanActivation">;

export type AnalysisState = RunState<AnalysisDocument, StreamedAnalysisLayer>;

/** What is asked for of the document that is shown, and is not in the document: of one of its matrices, unless another place is given. */
export type OnDemandState<Held, Place = { readonly layer: number; readonly matrix: string }> = Place &
  (
    | { readonly phase: "running"; readonly progress: RunProgress }
    | ({ readonly phase: "done" } & Held)
    | { readonly phase: "cancelled" }
    | { readonly phase: "error"; readonly message: string; readonly remedy?: string }
  );

/** Its full row and column sums. */
export type ProfileState = OnDemandState<{ readonly rows: readonly number[]; readonly columns: readonly number[] }>;

/** A part of its activations as a picture; `max` is the largest of the whole matrix. */
export type WeightsState = OnDemandState<{
  readonly region: Region;
  readonly max: number;
  readonly image: MatrixImage;
}>;

/** What every beginning of a sample activates. */
export type PositionsState = OnDemandState<{ readonly positions: PositionsDescription }, { readonly sample: number }>;

/** A place of the model, in a sample. */
export type PlaceInSample = AblatedPlace & { readonly sample: number };

/** What a sample's prediction is without a head or a neuron. */
export type AblationState = OnDemandState<{ readonly ablation: AblationDescription }, PlaceInSample>;

export interface RunAgainOptions {
  readonly target: string;
  readonly threshold: ChosenThreshold;
  readonly window: number;
  readonly chat: boolean;
  /** Typical texts are measured, whatever it takes. */
  readonly typicalText?: "always";
}

/** What follows the state that it belongs to; a new state has none of it. */
export type MoreOfAnalysis =
  | { readonly type: "profile"; readonly profile: ProfileState }
  | { readonly type: "weights"; readonly weights: WeightsState }
  | { readonly type: "positions"; readonly positions: PositionsState }
  /** The place that was last taken away, and all that was found of such places since the result was shown. */
  | { readonly type: "ablation"; readonly ablation: AblationState; readonly made: readonly AblationDescription[] }
  /** Whether tokens are tinted in the editor. */
  | { readonly type: "decorated"; readonly decorated: boolean };

export type ToAnalysisView = RunMessage<AnalysisState, StreamedAnalysisLayer> | MoreOfAnalysis;

export type FromAnalysisView =
  | CommonRequest
  | { readonly type: "analyzeActiveFile" }
  | { readonly type: "trySample" }
  | { readonly type: "useAsCalibration" }
  | { readonly type: "runAgain"; readonly options: RunAgainOptions }
  /** The same with another model, which is asked for first. */
  | { readonly type: "runWithAnotherModel"; readonly options: RunAgainOptions }
  /** Jump to a token: UTF-16 offsets into the sample's text. */
  | { readonly type: "reveal"; readonly sample: number; readonly start: number; readonly end: number }
  /** Run again with the target `next-token` that explains this token (0-based index into the sample's tokens). */
  | { readonly type: "explain"; readonly sample: number; readonly token: number }
  | { readonly type: "toggleDecorations" }
  /** The full profile of a matrix is wanted, or its run not any more. */
  | { readonly type: "openProfile"; readonly layer: number; readonly matrix: string }
  | { readonly type: "cancelProfile" }
  /** A part of a matrix is wanted in more detail than the document has, or its run not any more. */
  | {
      readonly type: "openWeights";
      readonly layer: number;
      readonly matrix: string;
      readonly region: Region;
    }
  | { readonly type: "cancelWeights" }
  /** What the beginnings of a sample activate is wanted, those that end around this token; or their run not any more. */
  | { readonly type: "openPositions"; readonly sample: number; readonly around: number }
  | { readonly type: "cancelPositions" }
  /** What the prediction is without a place is wanted, or its run not any more. */
  | { readonly type: "takeAway"; readonly place: PlaceInSample }
  | { readonly type: "cancelTakeAway" }
  /** What is shown is at this threshold; null: at that of the document. It is told when the document is shown, too. */
  | { readonly type: "chooseThreshold"; readonly threshold: ChosenThreshold | null }
  | { readonly type: "save" };
