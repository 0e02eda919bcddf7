import { expect, test } from "vitest";
import { swapSides } from "../../src/engine/document/swap-sides";
import { similarityTogether } from "../../src/format/balance";
import { areAlike, leastAlike } from "../../src/format/comparison";
import { comparedExperts, expertsPartSentences, furthestApart } from "../../src/format/compared-experts";
import { comparison } from "../cli/documents";

type Expert = readonly [tokensOfA: number, tokensOfB: number, similarity: number];

/** A comparison of so many tokens a side whose layers have such experts. */
function mixtureOf(...layers: readonly (readonly [tokens: number, experts: readonly Expert[]])[]) {
  const document = comparison();
  const [module] = document.layers[0].modules;
  return {
    ...document,
    layers: layers.map(([tokens, experts], layer) => ({
      ...document.layers[0],
      layer,
      modules: experts.map(([a, b, similarity], expert) => ({
        ...module,
        name: `mlp.experts.${expert}.up_proj`,
        similarity,
        ...{ a, b },
      })),
      routing: {
        tokens: { a: tokens, b: tokens },
        experts: experts.map(([a, b, similarity], expert) => ({
          tokens: { a, b },
          similarity,
          modules: [`mlp.experts.${expert}.up_proj`],
        })),
      },
    })),
  };
}

test("experts that clearly more of one side's tokens go to are named, and of those that both reach the least alike", () => {
  const document = mixtureOf([100, [[60, 20, 0.9], [20, 60, 0.4], [20, 20, 0.8]]], [1, [[1, 0, 0], [0, 1, 0], [0, 0, 0]]]); // prettier-ignore
  expect(expertsPartSentences(document)).toEqual([
    "Clearly more of A's tokens go to expert 0 of layer 0 (60.0 %, of B's 20.0 %).",
    "Clearly more of B's tokens go to expert 1 of layer 0 (60.0 %, of A's 20.0 %).",
    "Of the experts that both reach, expert 1 of layer 0 is least alike, 0.4.",
  ]);
  expect(furthestApart(document, 9).map(({ expert }) => expert)).toEqual([0, 1]);
  expect(comparedExperts(document)[0]).toMatchObject({ share: { a: 0.6, b: 0.2 }, part: { a: 60 / 101, b: 20 / 101 } });
  expect(expertsPartSentences(swapSides(document))[0]).toBe(
    "Clearly more of A's tokens go to expert 1 of layer 0 (60.0 %, of B's 20.0 %).",
  );
});

test("none is named below the ratio, or with less than an equal share, and none as least alike where all are", () => {
  const none =
    "No expert gets clearly more of A's tokens or of B's: none with an equal share has 1.5 times that of the other side.";
  expect(expertsPartSentences(mixtureOf([100, [[55, 45, 0.7], [45, 55, 0.7]]]))).toEqual([none]); // prettier-ignore
  expect(expertsPartSentences(mixtureOf([100, [[50, 48, 0.7], [48, 50, 0.7], [2, 1, 0.7]]]))).toEqual([none]); // prettier-ignore
});

test("one side alone may have experts of its own", () => {
  expect(expertsPartSentences(mixtureOf([100, [[50, 30, 0.7], [25, 35, 0.7], [25, 35, 0.7]]]))).toEqual([
    "Clearly more of A's tokens go to expert 0 of layer 0 (50.0 %, of B's 30.0 %).",
    "Clearly more of B's tokens go to no expert.",
  ]); // prettier-ignore
});

test("of a model without experts nothing is said", () => {
  expect(expertsPartSentences(comparison())).toEqual([]);
});

test("an expert that no side reaches, or one alone, is no matrix in which texts part", () => {
  const document = mixtureOf([100, [[60, 20, 1], [0, 0, 0]]]); // prettier-ignore
  expect(areAlike(document)).toBe(true);
  expect(leastAlike(mixtureOf([100, [[60, 20, 0.9], [40, 0, 0]]]), 3).map(({ name }) => name)).toEqual(["expert 0 up"]); // prettier-ignore
});

test("the similarity of several matrices is that of all their weights, the mean where norms are not known", () => {
  const a = [3, 4, 0, 1];
  const b = [4, 3, 2, 1];
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  const cosine = (x: readonly number[], y: readonly number[]) => dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  const parts = [0, 2].map((from) => {
    const [x, y] = [a.slice(from, from + 2), b.slice(from, from + 2)];
    return { similarity: cosine(x, y), norms: { a: Math.sqrt(dot(x, x)), b: Math.sqrt(dot(y, y)) } };
  });
  expect(similarityTogether(parts)).toBeCloseTo(cosine(a, b), 12);
  expect(similarityTogether([{ similarity: 0.2 }, { similarity: 0.4 }])).toBeCloseTo(0.3);
  expect(similarityTogether([{ similarity: 0, norms: { a: 0, b: 0 } }])).toBe(0);
});
