import { posix } from "node:path";
import * as vscode from "vscode";

import type { ParamscopeDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import type { App } from "../editor/app";
import type { Subject } from "../editor/texts";
import { answerCommonMessage } from "./analysis-messages";
import { explanation } from "./analysis-panel";
import type { AnalysisState, FromAnalysisView, ToAnalysisView } from "./analysis-protocol";
import { comparisonText } from "./comparison-text";
import { FullProfile } from "./full-profile";
import { textPage, webviewOptions, webviewPage } from "./webview-page";

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

class SavedView {
  #state: AnalysisState = { phase: "empty" };
  #isReady = false;
  #hasView = false;
  readonly #profile: FullProfile;

  constructor(
    private readonly app: App,
    private readonly document: vscode.TextDocument,
    private readonly panel: vscode.WebviewPanel,
  ) {
    this.#profile = new FullProfile(app, (profile) => this.#post({ type: "profile", profile }));
    panel.onDidDispose(() => this.#profile.close());
    panel.webview.options = webviewOptions(app.context.extensionUri);
    panel.webview.onDidReceiveMessage((message: FromAnalysisView) => void this.#receive(message));
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.#isReady = false;
    });
  }

  /** Reads the document and shows what it holds, or what is wrong with it. */
  async draw(): Promise<void> {
    const title = posix.basename(this.document.uri.path);
    this.#profile.close();
    const read = await this.#read(title);
    if (read instanceof ParamscopeError) {
      const { message, remedy } = read;
      this.#show({ phase: "error", title, message: `${message}.`, remedy, kind: "broken-file" });
    } else if (read.format === "paramscope.analysis") {
      const decorated = this.app.decorations.shows(read);
      this.#show({ phase: "done", title, document: read, saved: true, decorated });
    } else {
      this.#hasView = false;
      this.panel.webview.html = textPage(
        read.format === "paramscope.comparison"
          ? comparisonText(read)
          : [`${title} holds how often parameters are activated (${read.format}).`, "It can be read as text."],
      );
    }
  }

  async #read(title: string): Promise<ParamscopeDocument | ParamscopeError> {
    const { parseDocument } = await import("../engine/document/parse");
    try {
      return parseDocument(this.document.getText(), title);
    } catch (error) {
      if (error instanceof ParamscopeError) return error;
      throw error;
    }
  }

  #show(state: AnalysisState): void {
    this.#state = state;
    if (!this.#hasView) {
      this.#hasView = true;
      this.#isReady = false;
      this.panel.webview.html = webviewPage(this.panel.webview, this.app.context.extensionUri, "analysis");
    }
    this.#post({ type: "state", state });
  }

  #post(message: ToAnalysisView): void {
    if (!this.#isReady || !this.panel.visible) return;
    void this.panel.webview.postMessage(message);
    if (message.type === "state" && this.#profile.state) this.#post({ type: "profile", profile: this.#profile.state });
  }

  async #receive(message: FromAnalysisView): Promise<void> {
    switch (message.type) {
      case "ready":
        this.#isReady = true;
        this.#show(this.#state);
        break;
      case "tryAgain":
        await this.draw();
        break;
      case "runAgain":
        await this.app.panels.analyze(this.#subject(), message.options);
        break;
      case "explain":
        if (this.#state.phase === "done") {
          const { document } = this.#state;
          await this.app.panels.analyze(...explanation(document, this.#subject(), message.sample, message.token));
        }
        break;
      case "toggleDecorations":
        this.#toggleDecorations();
        break;
      case "openProfile":
        if (this.#state.phase === "done") await this.#profile.open(this.#state.document, message.layer, message.matrix);
        break;
      case "cancelProfile":
        this.#profile.cancel();
        break;
      case "cancel":
        break;
      default:
        await answerCommonMessage(this.app, message, {
          document: this.#state.phase === "done" ? this.#state.document : undefined,
          title: posix.basename(this.document.uri.path, ".paramscope"),
          origins: [],
          column: this.panel.viewColumn,
        });
    }
  }

  #toggleDecorations(): void {
    if (this.#state.phase !== "done") return;
    const { decorations } = this.app;
    if (this.#state.decorated) decorations.clear();
    else decorations.show(this.#state.document, []);
    this.#show({ ...this.#state, decorated: decorations.shows(this.#state.document) });
  }

  /** What is run again: the texts of the file's samples. A text that was cut comes as its pieces. */
  #subject(): Subject {
    const samples = this.#state.phase === "done" ? this.#state.document.samples : [];
    const texts = samples.map(({ source, text }) => ({ source, text }));
    return { title: posix.basename(this.document.uri.path, ".paramscope"), texts, notes: [], origins: [] };
  }
}
