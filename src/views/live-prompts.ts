import * as vscode from "vscode";

import type { Models } from "../editor/models";
import { promptsOf } from "../editor/prompts/prompts";
import type { Span } from "../editor/prompts/span";
import { hover, said, showStatusMessage } from "../editor/said";
import { setting } from "../editor/settings";
import { isUsers } from "../editor/users-texts";
import type { NextTokens } from "../engine/run/next-token";
import { expectedInWords, UNEXPECTED_LEVELS, unexpectedLevel } from "../format/live";
import { nextInLine } from "../format/next-tokens";
import type { Host } from "../kinds/kind";
import type { ScoringClient } from "../wire/client";
import { ScoringProcessError } from "../wire/errors";

/** How long nothing is typed before a prompt is read. */
const REST_MILLISECONDS = 500;
/** The most tokens that have a place in the strip, the last ones. */
const MOST_TOKENS = 256;
/** More than one processor is more than somebody who types can spare. */
const THREADS = 1;

/** What live prompts need of the app. */
interface Around extends Pick<Host, "settings" | "failure"> {
  readonly scoring: Pick<ScoringClient, "nextTokens">;
  readonly models: Pick<Models, "onDidChange">;
}

/**
 * While one types in a prompt, where the setting wants it: a strip under its tokens, the thicker the less the model expected each, and behind the
 * prompt what it expects next. Nothing else is computed, and nothing while something is typed.
 */
export class LivePrompts {
  readonly #app: () => Around;
  #levels: readonly vscode.TextEditorDecorationType[] = [];
  #next: vscode.TextEditorDecorationType | undefined;
  #timer: NodeJS.Timeout | undefined;
  #controller: AbortController | undefined;
  /** What went wrong last: it is said once. */
  #failed = "";

  constructor(app: () => Around) {
    this.#app = app;
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document === vscode.window.activeTextEditor?.document) this.#rest();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#rest()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("paramscope")) this.#rest();
      }),
      this.#app().models.onDidChange(() => this.#rest()),
      new vscode.Disposable(() => {
        this.#stop();
        for (const type of this.#types) type.dispose();
      }),
    );
  }

  /** Waits until nothing is typed; what runs of an older text ends. */
  #rest(): void {
    this.#stop();
    if (!setting("live")) return this.#clear();
    this.#timer = setTimeout(() => void this.#read(), REST_MILLISECONDS);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#controller?.abort();
    this.#controller = undefined;
  }

  async #read(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const span = editor && promptAt(editor);
    if (!editor || !span) return this.#clear();
    const { document } = editor;
    const { version } = document;
    const text = document.getText().slice(span.from, span.to);
    const controller = new AbortController();
    this.#controller = controller;
    const app = this.#app();
    try {
      const settings = { ...(await app.settings(undefined, "The next token")), threads: THREADS };
      const source = { source: document.fileName, text };
      const what = { text: source, losses: MOST_TOKENS, settings };
      const found = await app.scoring.nextTokens(what, {}, controller.signal);
      if (controller.signal.aborted || document.version !== version) return;
      this.#failed = "";
      this.#draw(editor, span, text, found);
    } catch (error) {
      if (controller.signal.aborted || (error instanceof ScoringProcessError && error.kind === "cancelled")) return;
      this.#clear();
      const { message } = app.failure(error);
      if (message !== this.#failed) showStatusMessage(`Paramscope, live: ${message}`, 8000);
      this.#failed = message;
    }
  }

  #draw(editor: vscode.TextEditor, span: Span, text: string, { tokens, losses = [] }: NextTokens): void {
    this.#clear(editor);
    this.#makeTypes();
    const place = (from: number, to: number) =>
      new vscode.Range(editor.document.positionAt(span.from + from), editor.document.positionAt(span.from + to));
    for (const [i, type] of this.#levels.entries())
      editor.setDecorations(
        type,
        losses
          .filter(({ loss }) => unexpectedLevel(loss) === i + 1)
          .map(({ start, end, loss }) => ({
            range: place(start, end),
            hoverMessage: hover([expectedInWords(text.slice(start, end), loss)]),
          })),
      );
    const contentText = said(nextInLine(tokens), 200);
    if (this.#next)
      editor.setDecorations(this.#next, [
        { range: place(text.length, text.length), renderOptions: { after: { contentText } } },
      ]);
  }

  /** @param but an editor that is drawn anew at once. */
  #clear(but?: vscode.TextEditor): void {
    for (const editor of vscode.window.visibleTextEditors)
      if (editor !== but) for (const type of this.#types) editor.setDecorations(type, []);
  }

  get #types(): readonly vscode.TextEditorDecorationType[] {
    return this.#next ? [...this.#levels, this.#next] : [];
  }

  #makeTypes(): void {
    if (this.#next) return;
    const rangeBehavior = vscode.DecorationRangeBehavior.ClosedClosed;
    this.#levels = Array.from({ length: UNEXPECTED_LEVELS }, (_, i) =>
      vscode.window.createTextEditorDecorationType({
        border: "solid",
        borderWidth: `0 0 ${i + 1}px 0`,
        borderColor: new vscode.ThemeColor("charts.orange"),
        rangeBehavior,
      }),
    );
    this.#next = vscode.window.createTextEditorDecorationType({
      after: { color: new vscode.ThemeColor("editorCodeLens.foreground"), margin: "0 0 0 2ch" },
      rangeBehavior,
    });
  }
}

/** The prompt that the cursor is in, or at whose end it is. */
function promptAt({ document, selection }: vscode.TextEditor): Span | undefined {
  if (!isUsers(document.uri)) return undefined;
  const groups = { prompts: true, code: setting("codeLens.code"), notebooks: setting("codeLens.notebooks") };
  const text = document.getText();
  const isCell = document.uri.scheme === "vscode-notebook-cell";
  const source = { language: document.languageId, path: document.uri.path, isCell, text };
  const at = document.offsetAt(selection.active);
  return promptsOf(source, groups).find(({ from, to }) => at >= from && text.slice(to, at).trim() === "");
}
