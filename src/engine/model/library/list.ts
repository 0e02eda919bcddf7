import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ggufModels, partsBeside } from "../formats/gguf-parts";

/** A model that can be named by its id. */
export interface ListedModel {
  /** The model's path below the models folder, with `/`: `demo`, `HuggingFaceTB/SmolLM2-135M`. */
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
}

/** A Hugging Face id is `owner/name`; a revision or a quantization may lie one below. */
const deepest = 3;

/** The models in a folder: folders with a `config.json`, and GGUF files, a split one by its first part. None when the folder does not exist. */
export async function listModels(folder: string): Promise<ListedModel[]> {
  const models: ListedModel[] = [];

  async function visit(path: string, parents: readonly string[]): Promise<void> {
    const entries = await entriesOf(path);
    if (parents.length > 0 && entries.some((entry) => entry.name === "config.json")) {
      models.push({ id: parents.join("/"), path, bytes: await totalSize(path, entries) });
      return;
    }
    const names = entries.map(({ name }) => name);
    const ggufs = new Set(ggufModels(names));
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      const child = join(path, entry.name);
      const id = [...parents, entry.name];
      if (entry.name.endsWith(".gguf")) {
        if (!ggufs.has(entry.name)) continue;
        const parts = await Promise.all(partsBeside(entry.name, names).map((name) => sizeOf(join(path, name))));
        models.push({ id: id.join("/"), path: child, bytes: parts.reduce((sum, bytes) => sum + bytes, 0) });
      } else if (!entry.isFile() && id.length <= deepest) await visit(child, id);
    }
  }

  await visit(folder, []);
  return models;
}

async function entriesOf(path: string): Promise<Dirent[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function totalSize(path: string, entries: readonly Dirent[]): Promise<number> {
  const files = entries.filter((entry) => !entry.isDirectory());
  const sizes = await Promise.all(files.map(async (entry) => await sizeOf(join(path, entry.name))));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** A link that leads nowhere has no size. */
async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
