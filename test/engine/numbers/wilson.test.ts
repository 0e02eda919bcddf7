import { expect, test } from "vitest";

import { wilsonInterval } from "../../../src/engine/numbers/wilson";

// scipy.stats.binomtest(k, n).proportion_ci(method="wilson")
test.each([
  [0, 5, 0, 0.43448246478317476],
  [16, 16, 0.8063923194655637, 1],
  [12, 16, 0.5050168346449122, 0.8981793250878696],
  [1, 3, 0.06149194472039626, 0.7923403991979523],
  [64, 64, 0.9433759402071946, 1],
  [57, 64, 0.7910135867310387, 0.945998866555832],
])("%i of %i is between what scipy says", (times, of, low, high) => {
  const interval = wilsonInterval(times, of);
  expect(interval[0]).toBeCloseTo(low, 12);
  expect(interval[1]).toBeCloseTo(high, 12);
});
