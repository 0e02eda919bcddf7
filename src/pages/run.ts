import type { SettingName } from "../engine/errors";
import type { OtherTexts, RunPhase } from "../engine/run/phases";

/*
 * What the views of all runs have in common: the states that a run goes through, and what is said while it does. The
 * extension owns the state and sends all of it whenever a webview says `ready`; a hidden webview receives nothing.
 */

export interface RunProgress {
  readonly phase: "queued" | "starting" | RunPhase;
  /** What is run where it is not the texts that were asked for: those that a model is measured with, once. */
  readonly of?: OtherTexts;
  /** Blocks done in this phase, of `layers`. */
  readonly done: number;
  readonly layers: number;
  readonly share: number;
  readonly secondsLeft?: number;
}

/** A layer that is done while others are not: what is known of it, by name. */
export type StreamedLayer<Figure extends string> = { readonly layer: number } & Readonly<Record<Figure, number>>;

/** A result that is shown, or why it is not. */
export type ResultState<Document> =
  | {
      readonly phase: "done";
      readonly title: string;
      readonly document: Document;
      /** A saved file that is shown, not run. */
      readonly saved: boolean;
    }
  | ErrorState;

/**
 * From the start of a run to its result. `Layer` is what is known of a layer meanwhile, `About` what is said of the run
 * besides its title before there is a result.
 */
export type RunState<Document, Layer, About = unknown> =
  | { readonly phase: "empty" }
  | ({
      readonly phase: "running";
      /** What is run, in the user's words: `story.txt`, `story.txt:3–5`, `3 files`. */
      readonly title: string;
      readonly model: string;
      readonly progress: RunProgress;
      /** Deepest first. */
      readonly layers: readonly Layer[];
    } & About)
  | ({
      readonly phase: "cancelled";
      readonly title: string;
      readonly layers: readonly Layer[];
      readonly layerCount: number;
    } & About)
  | InterruptedState
  | ResultState<Document>;

export interface InterruptedState {
  /** The window ended before the run did. */
  readonly phase: "interrupted";
  readonly title: string;
  readonly model: string;
  /** undefined: that of the settings. */
  readonly target: string | undefined;
}

export interface ErrorState {
  readonly phase: "error";
  readonly title: string;
  readonly message: string;
  readonly remedy?: string;
  /** The settings that the remedy speaks of: a page that has a form for one offers it. */
  readonly settings?: readonly SettingName[];
  /** A missing model offers to choose or download one; a crash offers the log. */
  readonly kind: "user" | "crash" | "model-missing" | "broken-file";
  /** The missing model's id on the Hub. */
  readonly download?: string;
}

export interface StateMessage<State> {
  readonly type: "state";
  readonly state: State;
}

export type RunMessage<State, Layer> =
  | StateMessage<State>
  | { readonly type: "progress"; readonly progress: RunProgress }
  | { readonly type: "layer"; readonly layer: Layer };

/** What every view of a run may ask of the extension. */
export type CommonRequest =
  | { readonly type: "ready" }
  /** What the user is looking at, of the page's own making: a result that is opened again is shown so. */
  | { readonly type: "keep"; readonly view: unknown }
  | { readonly type: "cancel" }
  | { readonly type: "tryAgain" }
  | { readonly type: "showLog" }
  | { readonly type: "chooseModel" }
  | { readonly type: "downloadModel"; readonly id: string }
  /** Content that the view has drawn, to be written where the user says; PNG as base64. */
  | {
      readonly type: "export";
      readonly format: "svg" | "png" | "html" | "csv" | "json";
      readonly name: string;
      readonly content: string;
    }
  | { readonly type: "openLink"; readonly url: string };
