import * as vscode from "vscode";

import type { AnalysisDocument, SampleToken } from "../engine/document/document";
import { setting } from "../editor/settings";
import type { Origin } from "../kinds/asked";
import type { Tints } from "../kinds/kind";
import { formatNumber } from "../format/numbers";
import { tintStrength } from "../format/token-spans";

const LEVELS = 5;

interface Tint {
  readonly from: number;
  readonly to: number;
  /** 0 … LEVELS − 1. */
  readonly level: number;
  readonly hover: string;
}

/** Tints the tokens of one analysed text in its editor by their saliency, until the text changes. */
export class SaliencyDecorations implements Tints {
  /** Made when tokens are first tinted. */
  #types: readonly vscode.TextEditorDecorationType[] = [];
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
    if (this.#types.length === 0) this.#makeTypes();
    this.#shown = document;
    this.#tints = tintsOf(document, origins);
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
    this.#types = Array.from({ length: LEVELS }, (_, level) =>
      vscode.window.createTextEditorDecorationType({
        backgroundColor: new vscode.ThemeColor(`paramscope.saliency${level + 1}`),
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      }),
    );
    this.#context.subscriptions.push(...this.#types);
  }

  #draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const tints = this.#tints.get(editor.document.uri.toString()) ?? [];
      for (const [level, type] of this.#types.entries()) {
        const ofLevel = tints.filter((tint) => tint.level === level);
        editor.setDecorations(
          type,
          ofLevel.map(({ from, to, hover }) => ({
            range: new vscode.Range(editor.document.positionAt(from), editor.document.positionAt(to)),
            hoverMessage: hover,
          })),
        );
      }
    }
  }
}

function tintsOf({ samples }: AnalysisDocument, origins: readonly Origin[]): Map<string, Tint[]> {
  const tints = new Map<string, Tint[]>();
  for (const { source, offset, tokens } of samples) {
    const origin = origins.find((candidate) => candidate.source === source) ?? visibleOrigin(source);
    if (!origin) continue;
    const start = origin.offset + offset;
    const own = tokens.filter((token) => token.start >= 0 && token.saliency !== null);
    const sizes = own.map(sizeOf).sort((a, b) => b - a);
    const largest = sizes.at(0) ?? 0;
    const ofSample = own.map((token) => {
      const size = sizeOf(token);
      const rank = sizes.indexOf(size) + 1;
      const level = Math.min(LEVELS - 1, Math.floor(LEVELS * tintStrength(size, largest)));
      const hover = `Paramscope: saliency ${formatNumber(token.saliency ?? 0)}, number ${rank} of ${own.length} tokens`;
      return { from: start + token.start, to: start + token.end, level, hover };
    });
    tints.set(origin.uri, [...(tints.get(origin.uri) ?? []), ...ofSample]);
  }
  return tints;
}

function sizeOf({ saliency }: SampleToken): number {
  return Math.abs(saliency ?? 0);
}

/** A saved result has no origins: its source is looked for among what is open. */
function visibleOrigin(source: string): Origin | undefined {
  const document = vscode.workspace.textDocuments.find(({ uri }) =>
    [uri.fsPath, vscode.workspace.asRelativePath(uri)].includes(source),
  );
  return document && { source, uri: document.uri.toString(), offset: 0 };
}
