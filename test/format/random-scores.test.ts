import { describe, expect, test } from "vitest";
import type { PairsDocument } from "../../src/engine/document/document";
import { randomNumbers, shuffle } from "../../src/engine/numbers/random";
import { correlationsOf } from "../../src/engine/pairs/correlations";
import { pairsSentences } from "../../src/format/pairs";
import { rhoFinding } from "../../src/format/pairs-findings";
import { normalNumbers } from "../engine/support/simulated-texts";

/*
 * Human scores that are shuffled over the pairs have nothing to do with how alike the sentences are: each sentence may claim something
 * 5 times of 100. Scores that are not: it is found.
 */

const PAIRS = 60;
const LAYERS = 4;
const SHUFFLED = 100;

/** Of each likeness, how much it has to do with the score: the likeness is so many times the score, and noise. */
interface Signals {
  readonly contrast: number;
  readonly plain: number;
  readonly hidden: number;
  readonly words: number;
}

function simulated({ contrast, plain, hidden, words }: Signals, seed: number, isShuffled = false): PairsDocument {
  const normal = normalNumbers(randomNumbers(seed));
  // scores of STS-B have few steps, and words that two sentences share few values
  const scores = Array.from({ length: PAIRS }, () => Math.round(2 * normal()) / 2);
  const likeness = (signal: number) => scores.map((score) => signal * score + normal());
  const layers = (signal: number) => Array.from({ length: LAYERS }, () => likeness(signal));
  const tfidf = likeness(words).map((value) => Math.max(0, value));
  const of = {
    contrast: layers(contrast),
    plain: layers(plain),
    hidden: layers(hidden),
    tfidf,
    // another count of the same words
    jaccard: tfidf.map((value) => Math.round(4 * value + normal()) / 4),
  };
  if (isShuffled) shuffle(scores, randomNumbers(seed + 1));
  const found = correlationsOf({ ...of, scores }, { deep: [1, 4], seed: 0 });
  return { ...found, deep: [1, 4], pairs: [] } as unknown as PairsDocument;
}

const said = (document: PairsDocument, start: string): string =>
  [...pairsSentences(document), rhoFinding(document, true)].find((sentence) => sentence.includes(start)) ?? "";

/** Each sentence, by words that it has whatever it says, and what it says where it claims something. */
const claims: Readonly<Record<string, RegExp>> = {
  "Contrast relevance .*the human scores": / (follows|runs against) the/,
  counting: / (more|less) than /,
  "Given what tf-idf": / (follows|runs against) them/,
  "hidden states": / (more|less) than /,
  "The paper's relevance .*the human scores": / (follows|runs against) the/,
  "the paper's relevance \\(": / (more|less) than /,
  "the half that did not choose": / (follows|runs against) the/,
};

const isClaimed = (document: PairsDocument, words: string): boolean => {
  const sentence = [...pairsSentences(document), rhoFinding(document, true)].find((one) => new RegExp(words).test(one));
  expect(sentence ?? "", "nothing is said").not.toBe("");
  return claims[words].test(sentence ?? "");
};

describe("of scores that are shuffled over pairs whose words, activations and hidden states are alike", () => {
  const documents = Array.from({ length: SHUFFLED }, (_, seed) =>
    simulated({ contrast: 1, plain: 0.7, hidden: 1, words: 0.8 }, 10 * seed, true),
  );

  // 5 of 100 are expected; more than 10 come once in 90 times
  test.each(Object.keys(claims))("a claim is rare: %s", (words) => {
    expect(documents.filter((document) => isClaimed(document, words)).length).toBeLessThanOrEqual(10);
  });
});

describe("of scores that likenesses follow", () => {
  test("what is so is said", () => {
    const document = simulated({ contrast: 2, plain: 0.3, hidden: 0.3, words: 0.3 }, 7);
    expect(said(document, "Contrast relevance follows the human scores")).not.toBe("");
    expect(said(document, "follows them more than counting words")).not.toBe("");
    expect(said(document, "follows them more than hidden states")).not.toBe("");
    expect(said(document, "follows them more than the paper's relevance")).not.toBe("");
    expect(said(document, "Given what tf-idf says, contrast relevance follows them")).not.toBe("");
    expect(said(document, "what is chosen follows the human scores")).not.toBe("");
  });

  test("and the other way round", () => {
    const document = simulated({ contrast: 0.3, plain: 2, hidden: 2, words: 2 }, 7);
    expect(said(document, "follows them less than counting words")).not.toBe("");
    expect(said(document, "follows them less than hidden states")).not.toBe("");
    expect(said(document, "follows them less than the paper's relevance")).not.toBe("");
  });

  test("what does as well is not said to do better", () => {
    const signals = { contrast: 1, plain: 1, hidden: 1, words: 1 };
    const documents = Array.from({ length: 40 }, (_, seed) => simulated(signals, 100 + seed));
    const better = documents.filter((document) => isClaimed(document, "hidden states"));
    expect(better.length).toBeLessThanOrEqual(6);
  });
});
