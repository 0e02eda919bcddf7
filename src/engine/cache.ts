import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./user-folders";
import { makeFolder } from "./make-folder";

import * as z from "zod";

/** So many measurements of a kind are kept, those that were used last. */
const MOST = 64;

/** A measurement in its file; the digest tells whether all of it is as it was written. */
const kept = z.object({ sha256: z.string(), value: z.unknown() });

const digestOf = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/** Measurements of a kind that are made once and kept, by name: a JSON file for each. */
export class Cache<T> {
  readonly #folder: string;
  readonly #schema: z.ZodType<T>;
  readonly #shipped: string | undefined;

  /** @param shipped a folder with measurements that came with Paramscope, in files as these. */
  constructor(name: string, schema: z.ZodType<T>, shipped?: string) {
    this.#schema = schema;
    this.#folder = join(cacheFolder(), name);
    this.#shipped = shipped;
  }

  async get(key: string): Promise<T | undefined> {
    const shipped = this.#shipped && (await this.#read(join(this.#shipped, fileName(key))));
    if (shipped) return shipped;
    const file = join(this.#folder, fileName(key));
    const value = await this.#read(file);
    const now = new Date();
    // those that were used last are kept
    if (value !== undefined) await utimes(file, now, now).catch(() => undefined);
    return value;
  }

  async set(key: string, value: T): Promise<void> {
    const file = join(this.#folder, fileName(key));
    const written = `${file}.${process.pid}`;
    try {
      await makeFolder(this.#folder);
      await writeFile(written, JSON.stringify({ sha256: digestOf(value), value }));
      await rename(written, file);
      await this.#removeOldest();
    } catch {
      // a cache that cannot be written only costs the measurement next time
      await rm(written, { force: true }).catch(() => undefined);
    }
  }

  async #read(file: string): Promise<T | undefined> {
    try {
      const { sha256, value } = kept.parse(JSON.parse(await readFile(file, "utf8")));
      return sha256 === digestOf(value) ? this.#schema.parse(value) : undefined;
    } catch {
      // what is not there, is damaged or of another version is measured anew
      return undefined;
    }
  }

  async #removeOldest(): Promise<void> {
    const names = await readdir(this.#folder);
    if (names.length <= MOST) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        return { path, used: (await stat(path)).mtimeMs };
      }),
    );
    files.sort((a, b) => b.used - a.used);
    for (const { path } of files.slice(MOST)) await rm(path, { force: true });
  }
}

/** Names may be of any characters, and long. */
function fileName(key: string): string {
  return `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`;
}
