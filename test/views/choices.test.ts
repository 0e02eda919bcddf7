import { expect, test } from "vitest";

import { swapSides } from "../../src/engine/document/swap-sides";
import { atThreshold } from "../../src/engine/document/at-threshold";
import { AsShown } from "../../src/views/as-shown";
import { analysisKind } from "../../src/kinds/analysis";
import { comparisonKind } from "../../src/kinds/comparison";
import { analysis, comparison } from "../cli/documents";

/* What the extension saves and exports is what the page shows: it is told of every choice that changes figures. */

test("an analysis is at the threshold that was chosen, until another is, and the same object meanwhile", () => {
  const document = analysis();
  const shown = new AsShown<typeof document>();
  expect(shown.of(document)).toBe(document);
  shown.choose(analysisKind.choice?.({ type: "chooseThreshold", threshold: { mode: "absolute", tau: 1e-4 } }));
  expect(shown.of(document)).toEqual(atThreshold(document, { mode: "absolute", tau: 1e-4 }));
  expect(shown.of(document).threshold.tau).toBe(1e-4);
  expect(shown.of(document)).toBe(shown.of(document));
  shown.choose(analysisKind.choice?.({ type: "chooseThreshold", threshold: null }));
  expect(shown.of(document)).toBe(document);
});

test("a comparison has its sides as they are shown", () => {
  const document = comparison();
  const shown = new AsShown<typeof document>();
  shown.choose(comparisonKind.choice?.({ type: "chooseSides", swapped: true }));
  expect(shown.of(document)).toEqual(swapSides(document));
  shown.choose(comparisonKind.choice?.({ type: "chooseSides", swapped: false }));
  expect(shown.of(document)).toBe(document);
});

test("no other message chooses anything", () => {
  expect(analysisKind.choice?.({ type: "save" })).toBeUndefined();
  expect(comparisonKind.choice?.({ type: "save" })).toBeUndefined();
});
