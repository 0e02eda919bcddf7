import { createHash } from "node:crypto";
import * as vscode from "vscode";

import type { Asked } from "../kinds/asked";
import type { UnfinishedRun } from "./unfinished-run";

export type { UnfinishedRun };

/** What a panel runs, while it does: `UnfinishedRun` as it is written. */
export interface StartedRun {
  readonly format: string;
  readonly asked: Asked;
  readonly modelName: string;
}

/** The runs that are under way, by their panel's title: what is left of them after a reload ended with the window. */
export class UnfinishedRuns {
  readonly #folder: vscode.Uri;
  /** Files are written and deleted one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #isClosing = false;

  constructor(context: vscode.ExtensionContext) {
    this.#folder = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "unfinished");
    // What ends from now on ends because the window does.
    context.subscriptions.push({ dispose: () => (this.#isClosing = true) });
  }

  begin(panelTitle: string, run: StartedRun): void {
    this.#then(async () => {
      await vscode.workspace.fs.createDirectory(this.#folder);
      await vscode.workspace.fs.writeFile(this.#file(panelTitle), new TextEncoder().encode(JSON.stringify(run)));
    });
  }

  end(panelTitle: string): void {
    if (this.#isClosing) return;
    this.#then(async () => await vscode.workspace.fs.delete(this.#file(panelTitle)));
  }

  async find(panelTitle: string): Promise<UnfinishedRun | undefined> {
    try {
      const bytes = await vscode.workspace.fs.readFile(this.#file(panelTitle));
      const { parseUnfinishedRun } = await import("./unfinished-run");
      return parseUnfinishedRun(new TextDecoder().decode(bytes));
    } catch {
      return undefined;
    }
  }

  #then(change: () => Promise<void>): void {
    // What cannot be written cannot be offered again; the run itself goes on.
    this.#last = this.#last.then(change).catch(() => undefined);
  }

  #file(panelTitle: string): vscode.Uri {
    const name = createHash("sha256").update(panelTitle).digest("hex").slice(0, 32);
    return vscode.Uri.joinPath(this.#folder, `${name}.json`);
  }
}
