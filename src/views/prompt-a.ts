import * as vscode from "vscode";

import { said } from "../editor/said";
import { zip } from "../engine/numbers/elements";
import type { Subject } from "../kinds/asked";

/** Where a marked text stands in a document: UTF-16 offsets. */
interface Place {
  readonly uri: string;
  readonly from: number;
  readonly to: number;
}

/** What shows it: made when a prompt is first marked. */
interface Shown {
  readonly mark: vscode.TextEditorDecorationType;
  readonly item: vscode.StatusBarItem;
}

/** What the next comparison compares with: marked beside its lines and named in the status bar until it is forgotten. */
export class PromptA {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fired when another prompt is marked, or none any more. */
  readonly onDidChange = this.#changed.event;
  readonly #context: vscode.ExtensionContext;
  #subject: Subject | undefined;
  #places: readonly Place[] = [];
  #shown: Shown | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    context.subscriptions.push(
      this.#changed,
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
      vscode.workspace.onDidChangeTextDocument((event) => this.#follow(event)),
    );
  }

  /** As it was when it was marked, whatever its document has become. */
  get subject(): Subject | undefined {
    return this.#subject;
  }

  mark(subject: Subject): void {
    const { item } = (this.#shown ??= this.#make());
    this.#set(subject);
    item.text = `Prompt A: ${said(subject.title, 60)}`;
    item.tooltip = `Paramscope: prompt A, which the next comparison compares with, is ${said(subject.title)}; click to forget it`;
    item.show();
  }

  forget(): void {
    this.#set(undefined);
    this.#shown?.item.hide();
  }

  #set(subject: Subject | undefined): void {
    this.#subject = subject;
    this.#places = subject
      ? zip(subject.origins, subject.texts).map(([{ uri, offset }, { text }]) => ({
          uri,
          from: offset,
          to: offset + text.length,
        }))
      : [];
    void vscode.commands.executeCommand("setContext", "paramscope.hasPromptA", subject !== undefined);
    this.#draw();
    this.#changed.fire();
  }

  #make(): Shown {
    const mark = vscode.window.createTextEditorDecorationType({
      gutterIconPath: vscode.Uri.joinPath(this.#context.extensionUri, "media/prompt-a.svg"),
      gutterIconSize: "contain",
      overviewRulerColor: new vscode.ThemeColor("charts.blue"),
      overviewRulerLane: vscode.OverviewRulerLane.Left,
    });
    const item = vscode.window.createStatusBarItem("paramscope.promptA", vscode.StatusBarAlignment.Right, 49);
    item.name = "Paramscope: prompt A";
    item.command = "paramscope.forgetPromptA";
    this.#context.subscriptions.push(mark, item);
    return { mark, item };
  }

  /** Keeps the mark at its text while others are typed around it; within it, it grows and shrinks. */
  #follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const uri = document.uri.toString();
    if (contentChanges.length === 0 || !this.#places.some((place) => place.uri === uri)) return;
    const moved = (at: number): number =>
      contentChanges.reduce((offset, { rangeOffset, rangeLength, text }) => {
        if (rangeOffset + rangeLength <= at) return offset + text.length - rangeLength;
        return rangeOffset < at ? Math.min(offset, rangeOffset + text.length) : offset;
      }, at);
    this.#places = this.#places.map((place) =>
      place.uri === uri ? { uri, from: moved(place.from), to: moved(place.to) } : place,
    );
    this.#draw();
  }

  #draw(): void {
    if (!this.#shown) return;
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      const own = this.#places.filter(({ uri, from, to }) => uri === document.uri.toString() && from < to);
      editor.setDecorations(
        this.#shown.mark,
        own.map(({ from, to }) => new vscode.Range(document.positionAt(from), document.positionAt(to))),
      );
    }
  }
}
