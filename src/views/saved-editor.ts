import { posix } from "node:path";
import * as vscode from "vscode";

import type { ParamscopeDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import type { App } from "../editor/app";
import { comparisonKind, domainsKind, frequencyKind, pairsKind, patchingKind, pruningKind } from "./panel-kinds";
import { SavedAnalysis } from "./saved-analysis";
import type { KeptDocument } from "./results-store";
import type { SavedFile, SavedPage } from "./saved-page";
import { SavedResult } from "./saved-result";
import type { ShownResult } from "./shown-results";
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
    this.app().shown.add(shown);
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
  "paramscope.comparison": (...place: Place) => new SavedResult(...place, comparisonKind),
  "paramscope.pairs": (...place: Place) => new SavedResult(...place, pairsKind),
  "paramscope.domains": (...place: Place) => new SavedResult(...place, domainsKind),
  "paramscope.frequency": (...place: Place) => new SavedResult(...place, frequencyKind),
  "paramscope.patching": (...place: Place) => new SavedResult(...place, patchingKind, place[0].patchings),
  "paramscope.pruning": (...place: Place) => new SavedResult(...place, pruningKind),
};

type Shown = keyof typeof pages;

class SavedView implements ShownResult {
  #shown: { readonly format: Shown; readonly page: SavedPage<KeptDocument> } | undefined;

  constructor(
    private readonly app: App,
    private readonly file: vscode.TextDocument,
    readonly panel: vscode.WebviewPanel,
  ) {}

  get title(): string {
    return posix.basename(this.file.uri.path, ".paramscope");
  }

  get document(): KeptDocument | undefined {
    return this.#shown?.page.document;
  }

  /** Reads the document and shows what it holds, or what is wrong with it. */
  async draw(): Promise<void> {
    const name = posix.basename(this.file.uri.path);
    const read = await this.#read(name);
    if (read instanceof ParamscopeError) {
      const { message, remedy } = read;
      const page = this.#pageFor(this.#shown?.format ?? "paramscope.analysis");
      page.fail({ phase: "error", title: name, message: `${message}.`, remedy, kind: "broken-file" });
    } else if (hasPage(read)) {
      this.#pageFor(read.format).show(read);
    } else this.#showAsText(name, read);
  }

  #showAsText(name: string, { format }: ParamscopeDocument): void {
    this.#shown?.page.dispose();
    this.#shown = undefined;
    this.panel.webview.html = textPage([`${name} holds a result of the kind ${format}.`, "It can be read as text."]);
  }

  #pageFor(format: Shown): SavedPage<KeptDocument> {
    if (this.#shown?.format === format) return this.#shown.page;
    this.#shown?.page.dispose();
    const file: SavedFile = {
      name: posix.basename(this.file.uri.path),
      title: this.title,
      draw: () => this.draw(),
    };
    // It is only ever given documents of its format.
    const page = pages[format](this.app, this.panel, file) as SavedPage<never> as SavedPage<KeptDocument>;
    this.#shown = { format, page };
    return page;
  }

  async #read(name: string): Promise<ParamscopeDocument | ParamscopeError> {
    const { parseDocument } = await import("../engine/document/parse");
    try {
      return parseDocument(this.file.getText(), name);
    } catch (error) {
      if (error instanceof ParamscopeError) return error;
      throw error;
    }
  }
}

function hasPage(document: ParamscopeDocument): document is KeptDocument {
  return Object.hasOwn(pages, document.format);
}
