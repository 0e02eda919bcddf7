import type { FrequencyDocument } from "../engine/document/document";
import type { CommonRequest, RunMessage, RunState } from "./run";

/* The conversation between the extension and the webview of frequencies (live panel and saved file alike). */

/** A layer while the run is under way; how often its weights are active is known when all samples are. */
export interface StreamedFrequencyLayer {
  readonly layer: number;
  readonly meanActivation: number;
}

export type FrequencyState = RunState<FrequencyDocument, StreamedFrequencyLayer>;

export type ToFrequencyView = RunMessage<FrequencyState, StreamedFrequencyLayer>;

export type FromFrequencyView = CommonRequest | { readonly type: "save" };
