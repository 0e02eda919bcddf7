import { expect, test } from "vitest";

import { commonStrata } from "../../../src/engine/compare/strata";

/** A stratum whose similarities say which two texts they are of: 0.23 of texts 2 and 3. */
const stratum = (...texts: number[]) => ({
  texts,
  similarity: texts.flatMap((a, i) => texts.slice(0, i).map((b) => (10 * Math.min(a, b) + Math.max(a, b)) / 100)),
  contrast: null,
});

test("layers that were cut alike have the strata that they had", () => {
  const layer = [stratum(0, 2, 1), stratum(3, 4)];
  expect(commonStrata([layer, layer])).toEqual([
    { texts: [0, 2, 1], similarity: [layer[0].similarity, layer[0].similarity], contrast: null },
    { texts: [3, 4], similarity: [[0.34], [0.34]], contrast: null },
  ]);
});

test("of a run that was taken up and cut otherwise texts are together that always were", () => {
  const strata = commonStrata([[stratum(0, 1, 2, 3)], [stratum(3, 0), stratum(2, 1)], [stratum(1, 2), stratum(3, 0)]]);
  expect(strata).toEqual([
    { texts: [0, 3], similarity: [[0.03], [0.03], [0.03]], contrast: null },
    { texts: [1, 2], similarity: [[0.12], [0.12], [0.12]], contrast: null },
  ]);
});
