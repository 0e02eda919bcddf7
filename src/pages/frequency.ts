import type { FrequencyDocument } from "../engine/document/document";
import type { CommonRequest, RunMessage, RunState, StreamedLayer } from "./run";

/* The conversation between the extension and the webview of frequencies (live panel and saved file alike). */

/** How often its weights are active is known when all samples are. */
export type StreamedFrequencyLayer = StreamedLayer<"meanActivation">;

export type FrequencyState = RunState<FrequencyDocument, StreamedFrequencyLayer>;

export type ToFrequencyView = RunMessage<FrequencyState, StreamedFrequencyLayer>;

export type FromFrequencyView = CommonRequest | { readonly type: "save" };
