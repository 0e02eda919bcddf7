import { access, readdir, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";

import { readError, readTextFile, statusOf } from "./read";

/** What a folder has under a name. */
export interface TextEntry {
  readonly name: string;
  /** What it is, or leads to; `other` also where a link leads nowhere. */
  readonly kind: "file" | "folder" | "other";
  readonly linked: boolean;
}

/** The files that folders of texts are read from: this machine's files, or an editor's workspace, which may be anywhere. */
export interface TextFiles {
  /**
   * What is in a folder.
   * @throws ParamscopeError when it cannot be read.
   */
  list(folder: string): Promise<TextEntry[]>;
  /** The bytes of a file. */
  size(file: string): Promise<number>;
  /**
   * The text of a file.
   * @throws ParamscopeError, with a cause when it cannot be read and without when it is not text.
   */
  readText(file: string): Promise<string>;
  exists(path: string): Promise<boolean>;
  join(folder: string, ...names: string[]): string;
  /** The same path for everything that is the same file. */
  absolute(path: string): string;
  /** The folder that an absolute path is in; of the topmost one itself. */
  parent(path: string): string;
  /** The way from a folder to what is in it, with `/`. */
  relative(folder: string, path: string): string;
}

/** This machine's files. */
export const nodeFiles: TextFiles = {
  async list(folder) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      throw readError(folder, cause);
    });
    return await Promise.all(
      entries.map(async (entry) => {
        const linked = entry.isSymbolicLink();
        // A link that leads nowhere has no status.
        const status = linked ? await stat(join(folder, entry.name)).catch(() => undefined) : entry;
        const kind = status?.isDirectory() ? "folder" : status?.isFile() ? "file" : "other";
        return { name: entry.name, kind, linked };
      }),
    );
  },
  size: (file) => new Promise((resolve) => resolve(statusOf(file).size)),
  readText: readTextFile,
  exists: async (path) =>
    await access(path).then(
      () => true,
      () => false,
    ),
  join,
  absolute: (path) => resolve(path),
  parent: dirname,
  relative: (folder, path) => relative(folder, path).split(sep).join("/"),
};
