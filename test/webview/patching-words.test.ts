import fc from "fast-check";
import { expect, test } from "vitest";

import type { PatchingDocument } from "../../src/engine/document/document";
import { formatNumber } from "../../src/format/numbers";
import { answersSentence, carriedSentence, carriersOf } from "../../src/format/patching";
import { describePlace, positionLabel } from "../../webview/patching/words";
import { roomForLabels } from "../../webview/shared/heat-map-layout";
import { tokenLabel } from "../../webview/shared/token-label";

const token = (id: number, text: string) => ({ id, text, start: 0, end: 1 });
const next = [{ id: 9, text: " table", probability: 0.047 }];
const document = {
  site: "residual",
  a: { tokens: [token(1, "The"), token(2, " cat"), token(3, "\n")], nextTokens: next },
  b: { tokens: [token(1, "The"), token(4, " dog"), token(3, "\n")], nextTokens: [] },
  answers: { a: { id: 9, text: " table" }, b: { id: 8, text: " do" } },
  grid: [
    [0, 0.776, -0.01],
    [0, 0, 1],
  ],
  values: [
    [-0.5, 0.173, -0.51],
    [-0.5, -0.5, 0.4],
  ],
  nextTokens: [
    [[], next, []],
    [[], [], next],
  ],
} as unknown as PatchingDocument;

test("answers and the places that carry them are said", () => {
  expect(answersSentence(document)).toBe('A answers " table" (4.7 %), B " do".');
  expect(carriedSentence(document)).toBe(
    '" cat" in the place of " dog" (position 1) carries most of A\'s answer in layer 0; the last position, "\\n", in layer 1.',
  );
  expect(carriedSentence({ ...document, grid: null })).toBeUndefined();
});

test("who carries the answer is the one position that brings most of it, and more than half", () => {
  const row = fc.array(fc.double({ min: -1, max: 1.5, noNaN: true }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (grid) => {
      const carriers = carriersOf(grid);
      const named = new Map(
        carriers.flatMap(({ position, from, to }) =>
          Array.from({ length: to - from + 1 }, (_, i) => [from + i, position] as const),
        ),
      );
      grid.forEach((values, layer) => {
        const most = Math.max(...values);
        const alike = values.filter((value) => formatNumber(value) === formatNumber(most)).length > 1;
        expect(named.get(layer)).toBe(most > 0.5 && !alike ? values.indexOf(most) : undefined);
      });
      // neighbours are one carrier
      for (let i = 1; i < carriers.length; i++)
        expect(carriers[i].position !== carriers[i - 1].position || carriers[i].from > carriers[i - 1].to + 1).toBe(
          true,
        );
    }),
  );
});

test("a place is said with both tokens where they differ", () => {
  expect(describePlace(document, 0, 1)).toBe(
    'Layer 0 at " dog" (position 1, in A " cat"): 0.776 of the way from B to A, difference of logits 0.173; then " table" 4.7 % is likeliest',
  );
  expect(describePlace({ ...document, grid: null }, 1, 0)).toBe(
    'Layer 1 at "The" (position 0): difference of logits -0.5',
  );
  expect([0, 1, 2].map((position) => positionLabel(document, position))).toEqual(["The", "cat → dog", "↵"]);
});

test("labels of tokens show what is only space, and are cut where they are long", () => {
  expect([" ", "\t", " internationalization"].map((text) => tokenLabel(text))).toEqual(["␣", "⇥", "international…"]);
});

test("labels of columns are turned where they do not fit above their column", () => {
  const rows = ["0", "11"];
  expect(roomForLabels(rows, ["The", "cat → dog"], 600)).toEqual({ left: 26, top: 18, turned: false });
  expect(roomForLabels(rows, ["The", "cat → dog"], 120)).toMatchObject({ left: 26, turned: true });
  expect(roomForLabels(["code-python"], ["x"], 600).left).toBeGreaterThan(60);
});
