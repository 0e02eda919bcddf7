import * as vscode from "vscode";

import type { ParamscopeDocument } from "../engine/document/document";

/** A panel or an editor with a result in it, or on its way to one. */
export interface ShownResult {
  readonly panel: vscode.WebviewPanel;
  readonly title: string;
  readonly document: ParamscopeDocument | undefined;
}

/** The results that are open, of whichever kind, run or saved: commands are about the one that was last in use. */
export class ShownResults {
  /** The last used at the end. */
  readonly #shown = new Set<ShownResult>();

  /** The last used, of those that are asked for. */
  last(): ShownResult | undefined;
  last<Kind extends ShownResult>(is: (shown: ShownResult) => shown is Kind): Kind | undefined;
  last(is: (shown: ShownResult) => boolean = () => true): ShownResult | undefined {
    return [...this.#shown].findLast(is);
  }

  add(shown: ShownResult): void {
    this.#use(shown);
    shown.panel.onDidChangeViewState(() => {
      if (shown.panel.active) this.#use(shown);
    });
    shown.panel.onDidDispose(() => {
      this.#shown.delete(shown);
      this.#changed();
    });
  }

  #use(shown: ShownResult): void {
    this.#shown.delete(shown);
    this.#shown.add(shown);
    this.#changed();
  }

  #changed(): void {
    void vscode.commands.executeCommand("setContext", "paramscope.hasPanel", this.#shown.size > 0);
  }
}
