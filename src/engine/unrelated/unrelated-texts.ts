import { join } from "node:path";

import { readTextFile } from "../text/read";

/** Texts that have nothing to do with each other, written for this: what texts have in common on a model is measured with them. */
export interface UnrelatedTexts {
  /** Short ones too, of like length: what texts have in common is their mean, in every comparison. */
  readonly background: readonly string[];
  /** A sentence or two each. */
  readonly short: readonly string[];
  /** Of about 90 to 170 words. */
  readonly long: readonly string[];
}

/** Stands between two long texts, in a line of its own. */
const SEPARATOR = "\n%%\n";

/** They are swept along with every comparison, in one batch with two texts: longer ones would be most of its time. */
const BACKGROUND = 16;
const FEWEST_WORDS = 6;
const MOST_WORDS = 14;

function hasFewWords(text: string): boolean {
  const words = text.split(/\s+/).length;
  return words >= FEWEST_WORDS && words <= MOST_WORDS;
}

/** Reads the two files in a folder. */
export async function readUnrelatedTexts(folder: string): Promise<UnrelatedTexts> {
  const [short, long] = await Promise.all(["short.txt", "long.txt"].map((file) => readTextFile(join(folder, file))));
  const lines = (short ?? "").split("\n").filter((line) => line !== "");
  const background = lines.filter((line) => hasFewWords(line)).slice(0, BACKGROUND);
  return {
    background,
    // an own part of the mean would make a text more like it
    short: lines.filter((line) => !background.includes(line)),
    long: `${(long ?? "").trim()}\n`.split(SEPARATOR).map((text) => text.trim()),
  };
}
