import { join } from "node:path";

import { readTextFile } from "../text/read";

/** Texts that have nothing to do with each other, written for this: what texts have in common on a model is measured with them. */
export interface UnrelatedTexts {
  /** Short ones too, of like length: what texts have in common is their mean, in every comparison. */
  readonly background: readonly string[];
  /** Of one to six words. */
  readonly brief: readonly string[];
  /** A sentence or two each. */
  readonly short: readonly string[];
  /** Of about 90 to 170 words. */
  readonly long: readonly string[];
  /** As short, what people ask an assistant: most of what stands in a chat template. */
  readonly requests: readonly string[];
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

/** Reads the four files in a folder. */
export async function readUnrelatedTexts(folder: string): Promise<UnrelatedTexts> {
  const read = async (file: string): Promise<string> => (await readTextFile(join(folder, file))) ?? "";
  const linesOf = async (file: string): Promise<string[]> =>
    (await read(file)).split("\n").filter((line) => line !== "");
  const [brief, short, requests, long] = await Promise.all([
    linesOf("brief.txt"),
    linesOf("short.txt"),
    linesOf("requests.txt"),
    read("long.txt"),
  ]);
  const background = short.filter((line) => hasFewWords(line)).slice(0, BACKGROUND);
  return {
    background,
    brief,
    // an own part of the mean would make a text more like it
    short: short.filter((line) => !background.includes(line)),
    long: `${long.trim()}\n`.split(SEPARATOR).map((text) => text.trim()),
    requests,
  };
}
