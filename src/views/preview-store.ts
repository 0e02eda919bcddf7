import * as vscode from "vscode";

import type { KeptPreview } from "./kept-preview";

export type { KeptPreview };

/** What the compression preview shows, for the window that comes after this one: in the workspace's storage, or the global one. */
export class PreviewStore {
  readonly #folder: vscode.Uri;
  /** Writes happen one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ storageUri, globalStorageUri }: vscode.ExtensionContext) {
    this.#folder = storageUri ?? globalStorageUri;
  }

  async keep(preview: KeptPreview): Promise<void> {
    const written = this.#last.then(async () => {
      await vscode.workspace.fs.createDirectory(this.#folder);
      await vscode.workspace.fs.writeFile(this.#file, new TextEncoder().encode(JSON.stringify(preview)));
    });
    this.#last = written.catch(() => undefined);
    await written;
  }

  /** undefined: none yet, or one that cannot be read. */
  async load(): Promise<KeptPreview | undefined> {
    try {
      const bytes = await vscode.workspace.fs.readFile(this.#file);
      const { parseKeptPreview } = await import("./kept-preview");
      return parseKeptPreview(new TextDecoder().decode(bytes));
    } catch {
      return undefined;
    }
  }

  get #file(): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, "preview.json");
  }
}
