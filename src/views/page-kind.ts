import type * as vscode from "vscode";

import type { ParamscopeDocument } from "../engine/document/document";
import type { App } from "../editor/app";
import type { Origin } from "../editor/texts";
import type { Choice } from "./as-shown";
import type { CommonRequest } from "../pages/run";

/** The types that make one kind of pages. */
export interface PageTypes {
  document: ParamscopeDocument;
  /** What is said of the result besides its document. */
  done: object;
  /** What the page asks for. */
  from: { readonly type: string };
}

/** What whoever shows a page answers itself, whatever is in it. */
export type OwnRequest = Extract<CommonRequest, { type: "ready" | "cancel" | "tryAgain" }> | { type: "runAgain" };

/** What is shown while a message comes. */
export interface Shown<Document> {
  /** As it is shown, with what was chosen there. */
  readonly document: Document | undefined;
  readonly title: string;
  readonly origins: readonly Origin[];
  readonly column: vscode.ViewColumn | undefined;
}

/** The page of one kind of documents. */
export interface PageKind<T extends PageTypes> {
  /** Its name: `dist/webview/NAME.js`. */
  readonly page: string;
  /** What a result is shown with at first. */
  readonly done: T["done"];
  /** What a message says that the user chose of how the document is shown; undefined for messages that say nothing of it. */
  readonly choice?: (message: T["from"]) => Choice<T["document"]> | undefined;
  /** Answers what the page asks for beyond what every page does. */
  readonly answer: (
    app: App,
    message: Exclude<T["from"], { readonly type: OwnRequest["type"] }>,
    shown: Shown<T["document"]>,
  ) => Promise<void>;
}
