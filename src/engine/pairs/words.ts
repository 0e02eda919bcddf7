import { elementAt } from "../numbers/elements";
import type { Pair } from "./group-pairs";

/** Scripts that put no spaces between words: each of their letters, with the marks on it, counts as a word. */
const UNSPACED = [...["Han", "Hiragana", "Katakana", "Bopomofo", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan"]].map(
  (script) => String.raw`\p{scx=${script}}`,
);
const unspaced = String.raw`(?=\p{L})[${UNSPACED.join("")}]`;
const WORD = new RegExp(String.raw`${unspaced}\p{M}*|(?:(?!${unspaced})[\p{L}\p{M}\p{N}])+`, "gu");

/**
 * The words of a text, in their order: runs of Unicode letters, marks and numbers, composed (NFC) and in lower case. Whatever else
 * there is divides them, apostrophes too. Where a script puts no spaces between words (Chinese, Japanese, Thai, …) every letter is one.
 */
export function wordsOf(text: string): string[] {
  return text.normalize("NFC").toLowerCase().match(WORD) ?? [];
}

/** How alike the texts of pairs are by their words, 0 to 1, a value for each pair. */
export interface WordLikeness {
  /** Jaccard's index: of the distinct words of both texts the share that both have; 0 where one has none. */
  readonly jaccard: readonly number[];
  /** The cosine of the weights that `tfidf` gives; 0 where one has no words. */
  readonly tfidf: readonly number[];
}

/** @param texts every text once; the pairs have their numbers. */
export function wordLikeness(texts: readonly string[], pairs: readonly Pair[]): WordLikeness {
  const words = texts.map(wordsOf);
  const distinct = words.map((list) => new Set(list));
  const weights = tfidf(words);
  return {
    jaccard: pairs.map(([a, b]) => jaccard(elementAt(distinct, a), elementAt(distinct, b))),
    tfidf: pairs.map(([a, b]) => cosine(elementAt(weights, a), elementAt(weights, b))),
  };
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((word) => b.has(word)).length;
  return both === 0 ? 0 : both / (a.size + b.size - both);
}

/**
 * What each word of a text weighs: how often the text has it, times `ln((1 + n) / (1 + d)) + 1`, `n` how many texts there are and `d`
 * in how many of them the word is. (scikit-learn's `TfidfVectorizer` as it is by default, with the words of `wordsOf`.)
 */
function tfidf(texts: readonly (readonly string[])[]): Map<string, number>[] {
  const textsWith = new Map<string, number>();
  for (const words of texts) for (const word of new Set(words)) textsWith.set(word, (textsWith.get(word) ?? 0) + 1);
  return texts.map((words) => {
    const weights = new Map<string, number>();
    for (const word of words) {
      const rarity = Math.log((1 + texts.length) / (1 + (textsWith.get(word) ?? 0))) + 1;
      weights.set(word, (weights.get(word) ?? 0) + rarity);
    }
    return weights;
  });
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const product = (x: ReadonlyMap<string, number>, y: ReadonlyMap<string, number>): number =>
    [...x].reduce((sum, [word, weight]) => sum + weight * (y.get(word) ?? 0), 0);
  const both = product(a, b);
  return both === 0 ? 0 : both / Math.sqrt(product(a, a) * product(b, b));
}
