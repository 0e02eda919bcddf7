import { readFileSync } from "node:fs";

interface Baselines {
  readonly template: string;
  readonly pairs: readonly (readonly [a: string, b: string, score: number])[];
  readonly tfidf: readonly number[];
  readonly jaccard: readonly number[];
  readonly spearman: Readonly<Record<"tfidf" | "jaccard", number>>;
  /** By how many UTF-16 units A is longer than B, a likeness like any other. */
  readonly length: readonly number[];
  /** Of length and score given tf-idf. */
  readonly partial: number;
  /** By fixture: per layer of each pair. */
  readonly hidden: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/** test/reference/make_pairs.py: scikit-learn, SciPy and transformers. */
const reference = JSON.parse(readFileSync("test/reference/pairs.json", "utf8")) as Baselines;
const texts = [...new Set(reference.pairs.flatMap(([a, b]) => [a, b]))];

/** What sentence pairs are held against, by other hands; every text once, and the pairs by their numbers. */
export const baselines = {
  ...reference,
  texts,
  numbers: reference.pairs.map(([a, b]) => [texts.indexOf(a), texts.indexOf(b)] as const),
  scores: reference.pairs.map(([, , score]) => score),
};
