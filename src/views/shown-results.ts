import * as vscode from "vscode";

import type { KindTypes, Shown } from "../kinds/kind";

/** A panel or an editor with a result in it, or on its way to one. */
export interface ShownResult {
  readonly panel: vscode.WebviewPanel;
  readonly title: string;
  /** undefined: there is no result yet, or something is wrong with it. */
  readonly shown: Shown<KindTypes> | undefined;
}

/** The results that are open, of whichever kind, run or saved: commands are about the one that was last in use. */
export class ShownResults {
  /** The last used at the end. */
  readonly #shown = new Set<ShownResult>();

  /** The last used, of those that are asked for. */
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
