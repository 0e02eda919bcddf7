import * as vscode from "vscode";

import type { AnalysisDocument } from "../engine/document/document";
import { hover } from "../editor/said";
import { setting } from "../editor/settings";
import type { Origin } from "../kinds/asked";
import type { Tints } from "../kinds/kind";
import { LEVELS, type Look, type Tint, tintsOf } from "./tinted-tokens";

/** Tints the tokens of one analysed text in its editor by their saliency, until the text changes. */
export class SaliencyDecorations implements Tints {
  /** Made when tokens are first tinted. */
  #types = new Map<Look, vscode.TextEditorDecorationType>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fired when other tokens are tinted, or none. */
  readonly onDidChange = this.#changed.event;
  #shown: AnalysisDocument | undefined;
  /** By the document's URI. */
  #tints = new Map<string, Tint[]>();

  readonly #context: vscode.ExtensionContext;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    context.subscriptions.push(
      this.#changed,
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.#tints.has(document.uri.toString())) this.clear();
      }),
    );
  }

  /** Whether new results are tinted at once. */
  get isOn(): boolean {
    return setting("decorations");
  }

  shows(document: AnalysisDocument): boolean {
    return this.#shown === document;
  }

  show(document: AnalysisDocument, origins: readonly Origin[]): void {
    if (this.#types.size === 0) this.#makeTypes();
    this.#shown = document;
    this.#tints = tintsOf(
      document,
      (source) => origins.find((candidate) => candidate.source === source) ?? visibleOrigin(source),
    );
    this.#draw();
    this.#changed.fire();
  }

  clear(): void {
    if (!this.#shown) return;
    this.#shown = undefined;
    this.#tints = new Map();
    this.#draw();
    this.#changed.fire();
  }

  #makeTypes(): void {
    const color = (name: string) => new vscode.ThemeColor(name);
    const looks: [Look, vscode.DecorationRenderOptions][] = [
      ...Array.from({ length: LEVELS }, (_, level): [Look, vscode.DecorationRenderOptions] => [
        level,
        {
          backgroundColor: color(`paramscope.saliency${level + 1}`),
          // on the strongest the colours of a syntax could not be read
          ...(level === LEVELS - 1 && { color: color("paramscope.salientForeground") }),
        },
      ]),
      ["explained", { border: "1px solid", borderColor: color("editor.foreground"), fontWeight: "bold" }],
      ["after", { color: color("disabledForeground") }],
    ];
    const rangeBehavior = vscode.DecorationRangeBehavior.ClosedClosed;
    this.#types = new Map(
      looks.map(([look, options]) => [
        look,
        vscode.window.createTextEditorDecorationType({ ...options, rangeBehavior }),
      ]),
    );
    this.#context.subscriptions.push(...this.#types.values());
  }

  #draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const tints = this.#tints.get(editor.document.uri.toString()) ?? [];
      for (const [look, type] of this.#types) {
        const ofLook = tints.filter((tint) => tint.look === look);
        editor.setDecorations(
          type,
          ofLook.map(({ from, to, hover: paragraphs }) => ({
            range: new vscode.Range(editor.document.positionAt(from), editor.document.positionAt(to)),
            hoverMessage: hover(paragraphs),
          })),
        );
      }
    }
  }
}

/** A saved result has no origins: its source is looked for among what is open. */
function visibleOrigin(source: string): Origin | undefined {
  const document = vscode.workspace.textDocuments.find(({ uri }) =>
    [uri.fsPath, vscode.workspace.asRelativePath(uri)].includes(source),
  );
  return document && { source, uri: document.uri.toString(), offset: 0 };
}
