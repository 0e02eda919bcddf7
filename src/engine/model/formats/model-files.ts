import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { partsBeside } from "./gguf-parts";

/** What of a Hugging Face folder a model is read from, beside its weights. */
const DESCRIPTIONS =
  /^(config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|model\.safetensors\.index)\.json$|^chat_template\.jinja$/;
const WEIGHTS = /\.(safetensors|gguf)$/;
/** A folder in it, of which all templates may count. */
const TEMPLATES = "additional_chat_templates";

/** The paths of the files that the model at a path is read from, sorted: of a folder, or of a GGUF file and its other parts. */
export async function modelFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) {
    const folder = dirname(path);
    // A single file may be in a folder that may not be listed.
    const names = await readdir(folder).catch(() => []);
    const parts = partsBeside(basename(path), names);
    return parts.length > 1 ? parts.sort().map((name) => join(folder, name)) : [path];
  }
  const names = await readdir(path);
  const templates = names.includes(TEMPLATES) ? await readdir(join(path, TEMPLATES)) : [];
  return [
    ...names.filter((name) => DESCRIPTIONS.test(name) || WEIGHTS.test(name)),
    ...templates.filter((name) => name.endsWith(".jinja")).map((name) => join(TEMPLATES, name)),
  ]
    .sort()
    .map((name) => join(path, name));
}

/** A folder of the Hugging Face cache: its files are links into the `blobs` beside `snapshots`. */
const SNAPSHOT = /[/\\]models--[^/\\]+[/\\]snapshots[/\\][^/\\]+$/;

/**
 * Whether a file of a model folder is the model's: a link must stay within the folder, or, of a snapshot in the Hugging Face cache, within its repository.
 * What a link leads to elsewhere is somebody's, and never leaves by an export.
 */
export async function isOfModel(folder: string, file: string): Promise<boolean> {
  const [home, place] = await Promise.all([realpath(folder), realpath(join(folder, file))]);
  const root = SNAPSHOT.test(home) ? dirname(dirname(home)) : home;
  return place.startsWith(`${root}${sep}`) && (await stat(place)).isFile();
}

/** Whether a file of a model folder says how texts become ids. */
export function isOfTokenizer(file: string): boolean {
  const name = basename(file);
  return name !== "config.json" && !/\.(safetensors|gguf)/.test(name);
}

/**
 * What changes when a file of the model at this path is written to, replaced, added or taken away: size, times and inode of each of
 * them, whatever links lead there.
 * @throws the operating system's error when one of them cannot be looked at
 */
export async function stampOf(path: string): Promise<string> {
  const files = await modelFiles(path);
  const lines = await Promise.all(
    (files.length > 0 ? files : [path]).map(async (file) => {
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
      return [file, dev, ino, size, mtimeNs, ctimeNs].join(" ");
    }),
  );
  return lines.join("\n");
}
