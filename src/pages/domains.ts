import type { DomainsDocument } from "../engine/document/document";
import type { CommonRequest, RunMessage, RunState, StreamedLayer } from "./run";

/* The conversation between the extension and the webview of domains (live panel and saved file alike). */

/** The mean similarity of two texts of one domain, and of two. */
export type StreamedDomainsLayer = StreamedLayer<"within" | "across">;

/** What is compared, before there is a document. */
export interface ComparedDomains {
  readonly domains: readonly { readonly name: string; readonly texts: number }[];
}

export type DomainsState = RunState<DomainsDocument, StreamedDomainsLayer, ComparedDomains>;

export type ToDomainsView = RunMessage<DomainsState, StreamedDomainsLayer>;

export type FromDomainsView =
  | CommonRequest
  /** Choose other folders to compare. */
  | { readonly type: "compareFolders" }
  | { readonly type: "save" };
