import fc from "fast-check";
import { expect, test } from "vitest";

import { formatCount } from "../../src/format/numbers";

test("a count is written as the locale writes it, whole or not", () => {
  expect([0, 999, 1000, 65_536, 1_234_567, -1000, 1234.5].map(formatCount)).toEqual([
    "0",
    "999",
    "1,000",
    "65,536",
    "1,234,567",
    "-1,000",
    "1,234.5",
  ]);
  const counts = fc.oneof(fc.maxSafeInteger(), fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(counts, (value) => {
      // of whole numbers there is no −0
      expect(formatCount(value + 0)).toBe((Object.is(value, -0) ? 0 : value).toLocaleString("en-US"));
    }),
  );
});
