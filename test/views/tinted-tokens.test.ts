import { expect, test } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import { tintsOf } from "../../src/views/tinted-tokens";

const origin = { source: "story.txt", uri: "file:///story.txt", offset: 100 };

/** A text of words, each a token of the given saliency. */
function sampleOf(
  words: readonly (readonly [text: string, saliency: number | null])[],
): AnalysisDocument["samples"][number] {
  let end = 0;
  const tokens = words.map(([text, saliency], id) => ({ id, text, saliency, start: end, end: (end += text.length) }));
  const text = words.map(([word]) => word).join("");
  return {
    source: "story.txt",
    text,
    offset: 20,
    targetProbability: 0.25,
    tokens,
  } as unknown as AnalysisDocument["samples"][number];
}

const looks = (target: string, sample: AnalysisDocument["samples"][number]) =>
  tintsOf({ target, samples: [sample] }, (source) => (source === origin.source ? origin : undefined)).get(origin.uri);

test("tokens are tinted where they stand, as strongly as they count", () => {
  const tints = looks(
    "spread",
    sampleOf([
      ["The", 0.01],
      [" river", -1],
      [" rose", 0.25],
    ]),
  );
  expect(tints?.map(({ from, to, look }) => [from, to, look])).toEqual([
    [120, 123, 0],
    [123, 129, 4],
    [129, 134, 2],
  ]);
  expect(tints?.[1]?.hover).toEqual([
    "Paramscope: saliency −1, 79 % of what all tokens have together, signs aside; number 1 of 3. It counts against what is explained.",
    "Explained is the whole prediction of what comes next.",
    "Saliency: How far what is explained would move, roughly, if a token of the text faded out.",
  ]);
  expect(tints?.[2]?.hover[0]).toBe(
    "Paramscope: saliency 0.25, 20 % of what all tokens have together, signs aside; number 2 of 3.",
  );
});

test("the token that is explained is marked, and what follows is held apart from what counts", () => {
  const tints = looks(
    "next-token:2",
    sampleOf([
      ["The", 1],
      [" river", 0.5],
      [" rose", 0],
      [" high", 0],
    ]),
  );
  expect(tints?.map(({ look }) => look)).toEqual([4, 3, "explained", "after"]);
  expect(tints?.[0]?.hover[0]).toContain("67 % of what all tokens have together, signs aside; number 1 of 2.");
  expect(tints?.[2]?.hover).toEqual(["Paramscope: what is explained. The model gave it 25 %, a loss of 1.39."]);
  expect(tints?.[3]?.hover).toEqual(["Paramscope: follows what is explained, and had no part in it."]);
});

test("a text of which every token counts nothing has no shares, and what is not known is not told", () => {
  const sample = sampleOf([
    ["The", 0],
    [" river", 0],
  ]);
  const [first, second] = looks("next-token:1", { ...sample, targetProbability: null }) ?? [];
  expect(first?.hover[0]).toBe("Paramscope: saliency 0; number 1 of 1.");
  expect(second?.hover).toEqual(["Paramscope: what is explained."]);
});

test("texts that stand nowhere are not tinted", () => {
  const elsewhere = { ...sampleOf([["The", 1]]), source: "gone.txt" };
  expect(looks("spread", elsewhere)).toBeUndefined();
});
