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
  return { source: "story.txt", text, offset: 20, tokens } as unknown as AnalysisDocument["samples"][number];
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
  expect(tints?.[1]?.hover).toBe("Paramscope: saliency -1, number 1 of 3 tokens");
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
  expect(tints?.[0]?.hover).toContain("number 1 of 2 tokens");
  expect(tints?.[3]?.hover).toBe("Paramscope: follows what is explained, and had no part in it");
});

test("texts that stand nowhere are not tinted", () => {
  const elsewhere = { ...sampleOf([["The", 1]]), source: "gone.txt" };
  expect(looks("spread", elsewhere)).toBeUndefined();
});
