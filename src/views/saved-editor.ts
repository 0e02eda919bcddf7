import { posix } from "node:path";
import * as vscode from "vscode";

import type { ParamscopeDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import type { App } from "../editor/app";
import { answerComparisonMessage } from "./comparison-messages";
import { answerPairsMessage } from "./pairs-messages";
import { SavedAnalysis } from "./saved-analysis";
import type { SavedFile, SavedPage } from "./saved-page";
import { answerResultMessage, SavedResult } from "./saved-result";
import { textPage } from "./webview-page";

const REDRAW_MILLISECONDS = 300;

/** Shows a `*.paramscope` file as the panel showed it when it was saved; changes nothing in it. */
export class SavedEditor implements vscode.CustomTextEditorProvider {
  constructor(private readonly app: () => App) {}

  register(): vscode.Disposable {
    return vscode.window.registerCustomEditorProvider("paramscope.saved", this, {
      supportsMultipleEditorsPerDocument: true,
    });
  }

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const shown = new SavedView(this.app(), document, panel);
    let timer: NodeJS.Timeout | undefined;
    const changes = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document || event.contentChanges.length === 0) return;
      clearTimeout(timer);
      timer = setTimeout(() => void shown.draw(), REDRAW_MILLISECONDS);
    });
    panel.onDidDispose(() => {
      clearTimeout(timer);
      changes.dispose();
    });
    await shown.draw();
  }
}

type Place = [app: App, panel: vscode.WebviewPanel, file: SavedFile];

/** The kinds of documents that have a page. */
const pages = {
  "paramscope.analysis": (...place: Place) => new SavedAnalysis(...place),
  "paramscope.comparison": (...place: Place) =>
    new SavedResult(...place, { page: "comparison", answer: answerComparisonMessage }),
  "paramscope.pairs": (...place: Place) => new SavedResult(...place, { page: "pairs", answer: answerPairsMessage }),
  "paramscope.patching": (...place: Place) =>
    new SavedResult(...place, { page: "patching", answer: answerResultMessage }),
  "paramscope.domains": (...place: Place) =>
    new SavedResult(...place, { page: "domains", answer: answerResultMessage }),
};

type Shown = keyof typeof pages;

class SavedView {
  #shown: { readonly format: Shown; readonly page: SavedPage<ParamscopeDocument> } | undefined;

  constructor(
    private readonly app: App,
    private readonly document: vscode.TextDocument,
    private readonly panel: vscode.WebviewPanel,
  ) {}

  /** Reads the document and shows what it holds, or what is wrong with it. */
  async draw(): Promise<void> {
    const name = posix.basename(this.document.uri.path);
    const read = await this.#read(name);
    if (read instanceof ParamscopeError) {
      const { message, remedy } = read;
      const page = this.#pageFor(this.#shown?.format ?? "paramscope.analysis");
      page.fail({ phase: "error", title: name, message: `${message}.`, remedy, kind: "broken-file" });
    } else if (hasPage(read.format)) {
      this.#pageFor(read.format).show(read);
    } else {
      this.#shown?.page.dispose();
      this.#shown = undefined;
      this.panel.webview.html = textPage([
        `${name} holds a result of the kind ${read.format}.`,
        "It can be read as text.",
      ]);
    }
  }

  #pageFor(format: Shown): SavedPage<ParamscopeDocument> {
    if (this.#shown?.format === format) return this.#shown.page;
    this.#shown?.page.dispose();
    const { path } = this.document.uri;
    const file: SavedFile = {
      name: posix.basename(path),
      title: posix.basename(path, ".paramscope"),
      draw: () => this.draw(),
    };
    // It is only ever given documents of its format.
    const page = pages[format](this.app, this.panel, file) as SavedPage<never> as SavedPage<ParamscopeDocument>;
    this.#shown = { format, page };
    return page;
  }

  async #read(name: string): Promise<ParamscopeDocument | ParamscopeError> {
    const { parseDocument } = await import("../engine/document/parse");
    try {
      return parseDocument(this.document.getText(), name);
    } catch (error) {
      if (error instanceof ParamscopeError) return error;
      throw error;
    }
  }
}

function hasPage(format: string): format is Shown {
  return Object.hasOwn(pages, format);
}
