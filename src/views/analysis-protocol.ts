import type { AnalysisDocument } from "../engine/document/document";

/*
 * The whole conversation between the extension and the webview of one analysis (live panel and saved file alike). The
 * extension owns the state and sends all of it whenever the webview says `ready`; a hidden webview receives nothing.
 */

/** A layer while the run is under way. */
export interface StreamedLayer {
  readonly layer: number;
  readonly parameters: number;
  readonly meanActivation: number;
}

export interface RunProgress {
  readonly phase: "queued" | "starting" | "forward" | "head" | "backward";
  /** Blocks done in this phase, of `layers`. */
  readonly done: number;
  readonly layers: number;
  readonly share: number;
  readonly secondsLeft?: number;
}

export type AnalysisState =
  | { readonly phase: "empty" }
  | {
      readonly phase: "running";
      /** What is being analysed, in the user's words: `story.txt`, `Selection in story.txt`, `3 files`. */
      readonly title: string;
      readonly model: string;
      readonly progress: RunProgress;
      /** Deepest first. */
      readonly layers: readonly StreamedLayer[];
    }
  | {
      readonly phase: "done";
      readonly title: string;
      readonly document: AnalysisDocument;
      /** A saved file that is shown, not run. */
      readonly saved: boolean;
      /** Tokens are tinted in the editor. */
      readonly decorated: boolean;
    }
  | {
      readonly phase: "cancelled";
      readonly title: string;
      readonly layers: readonly StreamedLayer[];
      readonly layerCount: number;
    }
  | {
      /** The window ended before the run did. */
      readonly phase: "interrupted";
      readonly title: string;
      readonly model: string;
      /** undefined: that of the settings. */
      readonly target: string | undefined;
    }
  | {
      readonly phase: "error";
      readonly title: string;
      readonly message: string;
      readonly remedy?: string;
      /** A missing model offers to choose or download one; a crash offers the log. */
      readonly kind: "user" | "crash" | "model-missing" | "broken-file";
      /** The missing model's id on the Hub. */
      readonly download?: string;
    };

/** The full row and column sums of one matrix of the document that is shown. */
export type ProfileState = { readonly layer: number; readonly matrix: string } & (
  | { readonly phase: "running"; readonly progress: RunProgress }
  | { readonly phase: "done"; readonly rows: readonly number[]; readonly columns: readonly number[] }
  | { readonly phase: "cancelled" }
  | { readonly phase: "error"; readonly message: string; readonly remedy?: string }
);

export interface RunAgainOptions {
  readonly target: string;
  readonly threshold:
    { readonly mode: "share"; readonly share: number } | { readonly mode: "absolute"; readonly tau: number };
  readonly window: number;
  readonly chat: boolean;
}

export type ToAnalysisView =
  | { readonly type: "state"; readonly state: AnalysisState }
  | { readonly type: "progress"; readonly progress: RunProgress }
  | { readonly type: "layer"; readonly layer: StreamedLayer }
  /** Follows the state that it belongs to; a new state has none. */
  | { readonly type: "profile"; readonly profile: ProfileState };

export type FromAnalysisView =
  | { readonly type: "ready" }
  | { readonly type: "cancel" }
  | { readonly type: "tryAgain" }
  | { readonly type: "showLog" }
  | { readonly type: "chooseModel" }
  | { readonly type: "downloadModel"; readonly id: string }
  | { readonly type: "analyzeActiveFile" }
  | { readonly type: "trySample" }
  | { readonly type: "runAgain"; readonly options: RunAgainOptions }
  /** Jump to a token: UTF-16 offsets into the sample's text. */
  | { readonly type: "reveal"; readonly sample: number; readonly start: number; readonly end: number }
  /** Run again with the target `next-token` that explains this token (0-based index into the sample's tokens). */
  | { readonly type: "explain"; readonly sample: number; readonly token: number }
  | { readonly type: "toggleDecorations" }
  /** The full profile of a matrix is wanted, or its run not any more. */
  | { readonly type: "openProfile"; readonly layer: number; readonly matrix: string }
  | { readonly type: "cancelProfile" }
  | { readonly type: "save" }
  /** Content that the view has drawn, to be written where the user says; PNG as base64. */
  | {
      readonly type: "export";
      readonly format: "svg" | "png" | "csv" | "json";
      readonly name: string;
      readonly content: string;
    }
  | { readonly type: "openLink"; readonly url: string };
