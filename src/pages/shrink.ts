import type { ShrinkDocument } from "../engine/document/document";
import type { ShrinkAmount, ShrinkWay } from "../engine/shrink/options";
import type { TextChoice } from "./preview";
import type { CommonRequest, RunMessage, RunState, StreamedLayer } from "./run";

/* The conversation between the extension and the webview of a model that lost parts (live panel and saved file alike). */

export type ShrinkState = RunState<ShrinkDocument, StreamedLayer<never>>;

export type ToShrinkView = RunMessage<ShrinkState, StreamedLayer<never>>;

/** The same texts and the same structure, with as much taken out as is said. */
export type RemoveAgain = {
  readonly type: "removeParts";
  readonly amount: ShrinkAmount;
  readonly by: ShrinkWay;
} & (
  | { readonly what: "remove" }
  /** Measures what it costs, beside other ways and amounts. */
  | {
      readonly what: "measure";
      readonly on: TextChoice;
      readonly ways: readonly ShrinkWay[];
      readonly amounts: readonly ShrinkAmount[];
    }
  /** Writes what is left: a folder as transformers loads it, or a GGUF file. */
  | { readonly what: "folder" | "gguf" }
);

export type FromShrinkView = CommonRequest | RemoveAgain | { readonly type: "save" };
