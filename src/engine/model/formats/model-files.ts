import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";

/** What of a Hugging Face folder a model is read from, beside its weights. */
const DESCRIPTIONS =
  /^(config|tokenizer|tokenizer_config|special_tokens_map|model\.safetensors\.index)\.json$|^chat_template\.jinja$/;
const WEIGHTS = ".safetensors";
/** A folder in it, of which all templates may count. */
const TEMPLATES = "additional_chat_templates";

/** The files of a model: paths within a folder, the weights among them; empty for a model of one file. */
export async function modelFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [];
  const names = await readdir(path);
  const templates = names.includes(TEMPLATES) ? await readdir(join(path, TEMPLATES)) : [];
  return [
    ...names.filter((name) => DESCRIPTIONS.test(name) || name.endsWith(WEIGHTS)),
    ...templates.filter((name) => name.endsWith(".jinja")).map((name) => join(TEMPLATES, name)),
  ].sort();
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
  return file !== "config.json" && !file.includes(WEIGHTS);
}

/**
 * What changes when a file of the model at this path is written to, replaced, added or taken away: size, times and inode of each of
 * them, whatever links lead there.
 * @throws the operating system's error when one of them cannot be looked at
 */
export async function stampOf(path: string): Promise<string> {
  const files = await modelFiles(path);
  const lines = await Promise.all(
    (files.length > 0 ? files : [""]).map(async (file) => {
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(join(path, file), { bigint: true });
      return [file, dev, ino, size, mtimeNs, ctimeNs].join(" ");
    }),
  );
  return lines.join("\n");
}
