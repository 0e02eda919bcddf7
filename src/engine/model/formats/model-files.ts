import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

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
