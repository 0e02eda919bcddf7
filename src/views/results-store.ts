import { randomUUID } from "node:crypto";
import * as vscode from "vscode";

import type { ResultDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import { kindOf } from "../kinds/find-kind";
import type { ResultEntry } from "./results-index";

export type { ResultEntry };

const MOST = 50;

/** A view that changes as long as a pointer moves is written at rest. */
const REST_MILLISECONDS = 150;

/** The last results, newest first: in the workspace's storage, or the global one without a workspace. */
export class ResultsStore {
  readonly #folder: vscode.Uri;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  /** Changes happen one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  /** What is looked at in results and is still to be written, by their ids. */
  readonly #views = new Map<string, unknown>();
  #atRest: ReturnType<typeof setTimeout> | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.#folder = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "results");
    context.subscriptions.push(this.#changed, { dispose: () => void this.#writeViews() });
  }

  async entries(): Promise<ResultEntry[]> {
    try {
      const bytes = await vscode.workspace.fs.readFile(this.#indexFile());
      const { parseIndex } = await import("./results-index");
      return parseIndex(new TextDecoder().decode(bytes));
    } catch {
      // None yet, or one that cannot be read: then the history starts anew.
      return [];
    }
  }

  async add(document: ResultDocument, title: string, origins: ResultEntry["origins"]): Promise<ResultEntry> {
    const { format, model } = document;
    const target = kindOf(document).run?.purpose(document) ?? "";
    const entry = { id: randomUUID(), title, format, model: model.name, target, time: Date.now(), origins };
    await this.#change(async (entries) => {
      await write(this.#file(entry.id), JSON.stringify(document));
      const all = [entry, ...entries];
      for (const old of all.slice(MOST)) await this.#remove(old.id);
      return all.slice(0, MOST);
    });
    return entry;
  }

  /** Writes what was added to a result since it was kept; nothing where it is not there any more. */
  async update(id: string, document: ResultDocument): Promise<void> {
    await this.#change(async (entries) => {
      if (entries.some((entry) => entry.id === id)) await write(this.#file(id), JSON.stringify(document));
      return entries;
    });
  }

  /** The document of a result; undefined when it is not there any more. */
  async load(id: string): Promise<ResultDocument | undefined> {
    const { parseDocument, refuseLargeDocument } = await import("../kinds/parse-document");
    const name = "The kept result";
    let bytes: Uint8Array;
    try {
      const { size } = await vscode.workspace.fs.stat(this.#file(id));
      refuseLargeDocument(size, name);
      bytes = await vscode.workspace.fs.readFile(this.#file(id));
    } catch (error) {
      if (error instanceof ParamscopeError) throw error;
      return undefined;
    }
    const document = await parseDocument(bytes, name);
    const view = this.#views.get(id) ?? (await this.#view(id));
    return view === undefined ? document : { ...document, view };
  }

  /** Keeps what the user is looking at in a result: its document is opened with it, as `view`. */
  keepView(id: string, view: unknown): void {
    this.#views.set(id, view);
    clearTimeout(this.#atRest);
    this.#atRest = setTimeout(() => void this.#writeViews(), REST_MILLISECONDS);
  }

  /** Writes what is still to be written; where that fails, or the result is not there any more, its document is opened without. */
  async #writeViews(): Promise<void> {
    clearTimeout(this.#atRest);
    const written = this.#last.then(async () => {
      const views = [...this.#views];
      const known = new Set(views.length > 0 ? (await this.entries()).map(({ id }) => id) : []);
      for (const [id, view] of views) {
        if (known.has(id)) await write(this.#viewFile(id), JSON.stringify(view)).catch(() => undefined);
        // another one may have come meanwhile
        if (this.#views.get(id) === view) this.#views.delete(id);
      }
    });
    this.#last = written;
    await written;
  }

  async #view(id: string): Promise<unknown> {
    try {
      return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#viewFile(id)))) as unknown;
    } catch {
      return undefined;
    }
  }

  async delete(id: string): Promise<void> {
    await this.#change(async (entries) => {
      await this.#remove(id);
      return entries.filter((entry) => entry.id !== id);
    });
  }

  async #change(change: (entries: ResultEntry[]) => Promise<ResultEntry[]>): Promise<void> {
    const changed = this.#last.then(async () => {
      await vscode.workspace.fs.createDirectory(this.#folder);
      await write(this.#indexFile(), JSON.stringify(await change(await this.entries())));
    });
    this.#last = changed.catch(() => undefined);
    await changed;
    this.#changed.fire();
  }

  async #remove(id: string): Promise<void> {
    for (const file of [this.#file(id), this.#viewFile(id)])
      await vscode.workspace.fs.delete(file).then(undefined, () => undefined);
  }

  #file(id: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, `${id}.paramscope`);
  }

  #viewFile(id: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, `${id}.view.json`);
  }

  #indexFile(): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, "index.json");
  }
}

async function write(file: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
}
