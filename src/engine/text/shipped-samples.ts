import { readdir } from "node:fs/promises";
import { join } from "node:path";

import type { Text } from "./text";
import { readTextFile } from "./read";

/** The samples that come with Paramscope: beside the folder in which this program is. */
export function samplesFolder(): string {
  return join(__dirname, "..", "samples");
}

/** One text of every kind (prose, code, languages, …): they have nothing to do with each other. */
export async function unrelatedTexts(folder: string): Promise<Text[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const kinds = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const texts = kinds.sort().map(async (kind): Promise<Text[]> => {
    const [first] = (await readdir(join(folder, kind))).sort();
    if (first === undefined) return [];
    return [{ source: `${kind}/${first}`, text: await readTextFile(join(folder, kind, first)) }];
  });
  return (await Promise.all(texts)).flat();
}
