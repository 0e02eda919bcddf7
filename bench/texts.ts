import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The model that ships. */
export const demoModel = join("models", "demo");

/** A model whose rows super-blocks of 256 divide, as the models are that people quantise; WIDE names one. */
export const wideModel = process.env.WIDE;

/** Every text is long enough for this many tokens of any tokenizer. */
const CHARACTERS = 6000;

/** So many different texts, each starting in another place of the shipped samples. */
export async function benchTexts(count: number): Promise<string[]> {
  // without the unrelated texts: times are compared with those from before they were there
  const folders = (await readdir("samples", { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() && entry.name !== "unrelated",
  );
  const texts: string[] = [];
  for (const folder of folders)
    for (const file of (await readdir(join("samples", folder.name))).sort())
      texts.push(await readFile(join("samples", folder.name, file), "utf8"));
  const all = texts.join("\n\n");
  const twice = all + all;
  return Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * all.length) / count);
    return twice.slice(start, start + CHARACTERS);
  });
}

/** The head of WikiText-2's validation text; WIKITEXT names more of it. */
export const wikitext = process.env.WIKITEXT ?? join("test", "data", "wikitext2-valid-head.txt");
