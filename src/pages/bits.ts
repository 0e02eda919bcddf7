import type { BitsDocument } from "../engine/document/document";
import type { TextChoice } from "./preview";
import type { CommonRequest, RunMessage, RunState, StreamedLayer } from "./run";

/* The conversation between the extension and the webview of a choice of formats (live panel and saved file alike). */

export type BitsState = RunState<BitsDocument, StreamedLayer<never>>;

export type ToBitsView = RunMessage<BitsState, StreamedLayer<never>>;

/** What is to be measured of a choice of formats. */
export interface WantedCosts {
  readonly on: TextChoice;
  /** The ways of choosing that are measured beside it. */
  readonly ways: readonly BitsDocument["by"][];
  /** Other sizes, in bits of a weight. */
  readonly sizes: readonly number[];
}

/** The same texts, with formats chosen at another size, or at the same. */
export type ChooseAgain = {
  readonly type: "chooseFormats";
  /** What each weight may take on the average. */
  readonly bits: number;
} & ({ readonly costs: WantedCosts } | { readonly file: true });

export type FromBitsView = CommonRequest | ChooseAgain | { readonly type: "save" };
