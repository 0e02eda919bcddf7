import { posix } from "node:path";
import { setImmediate } from "node:timers/promises";
import * as vscode from "vscode";

import type { ResultDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import { analysisKind } from "../kinds/analysis";
import { kindOf } from "../kinds/find-kind";
import type { Kind } from "../kinds/kind";
import type { App } from "./app";
import { type SavedFile, SavedResult } from "./saved-result";
import type { ShownResult } from "./shown-results";

const REDRAW_MILLISECONDS = 300;

/** Shows a `*.paramscope` file as the panel showed it when it was saved; changes nothing in it. */
export class SavedEditor implements vscode.CustomTextEditorProvider {
  readonly #app: () => App;

  constructor(app: () => App) {
    this.#app = app;
  }

  register(): vscode.Disposable {
    return vscode.window.registerCustomEditorProvider("paramscope.saved", this, {
      supportsMultipleEditorsPerDocument: true,
    });
  }

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const shown = new SavedView(this.#app(), document, panel);
    this.#app().shown.add(shown);
    this.#app().status.show();
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

class SavedView implements ShownResult {
  readonly panel: vscode.WebviewPanel;
  readonly #app: App;
  readonly #file: vscode.TextDocument;
  #isClosed = false;
  #result: SavedResult | undefined;

  constructor(app: App, file: vscode.TextDocument, panel: vscode.WebviewPanel) {
    this.#app = app;
    this.#file = file;
    this.panel = panel;
    panel.onDidDispose(() => (this.#isClosed = true));
  }

  get title(): string {
    return posix.basename(this.#file.uri.path, ".paramscope");
  }

  get shown() {
    return this.#result?.shown;
  }

  /** Reads the document and shows what it holds, or what is wrong with it. */
  async draw(): Promise<void> {
    const name = posix.basename(this.#file.uri.path);
    const read = await this.#read(name);
    await setImmediate();
    if (this.#isClosed) return;
    if (read instanceof ParamscopeError) {
      const { message, remedy } = read;
      const result = this.#resultOf(this.#result?.kind ?? analysisKind);
      result.fail({ phase: "error", title: name, message: `${message}.`, remedy, kind: "broken-file" });
    } else this.#resultOf(kindOf(read)).show(read);
  }

  /** A file that is edited may come to hold another kind. */
  #resultOf(kind: Kind): SavedResult {
    if (this.#result?.kind === kind) return this.#result;
    this.#result?.dispose();
    const file: SavedFile = {
      name: posix.basename(this.#file.uri.path),
      title: this.title,
      draw: () => this.draw(),
    };
    this.#result = new SavedResult(this.#app, this.panel, kind, file);
    return this.#result;
  }

  /** A large document takes some turns of the host's loop, which other extensions share: none of them for long. */
  async #read(name: string): Promise<ResultDocument | ParamscopeError> {
    await setImmediate();
    const { parseDocument, refuseLargeDocument } = await import("../kinds/parse-document");
    await setImmediate();
    try {
      const status = await vscode.workspace.fs.stat(this.#file.uri).then(undefined, () => undefined);
      if (status) refuseLargeDocument(status.size, name);
      return await parseDocument(this.#file.getText(), name);
    } catch (error) {
      if (error instanceof ParamscopeError) return error;
      throw error;
    }
  }
}
