import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import * as z from "zod";

/** Measurements that are made once and kept, by name, in one JSON file. */
export class Cache<T> {
  readonly #file: string;
  readonly #schema: z.ZodType<T>;

  constructor(name: string, schema: z.ZodType<T>) {
    this.#schema = schema;
    this.#file = join(cacheFolder(), `${name}.json`);
  }

  async get(key: string): Promise<T | undefined> {
    const kept = this.#schema.safeParse((await this.#read())[key]);
    return kept.success ? kept.data : undefined;
  }

  async set(key: string, value: T): Promise<void> {
    const known = await this.#read();
    try {
      await mkdir(cacheFolder(), { recursive: true });
      await writeFile(`${this.#file}.${process.pid}`, JSON.stringify({ ...known, [key]: value }));
      await rename(`${this.#file}.${process.pid}`, this.#file);
    } catch {
      // a cache that cannot be written only costs the measurement next time
    }
  }

  async #read(): Promise<Record<string, unknown>> {
    try {
      return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(this.#file, "utf8")));
    } catch {
      return {};
    }
  }
}

/** Paramscope's folder within the system's folder for caches. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  return join(XDG_CACHE_HOME ?? LOCALAPPDATA ?? join(homedir(), ".cache"), "paramscope");
}
