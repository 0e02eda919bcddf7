import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseOptions, type Option } from "../../../src/engine/quantize/choose-formats";

const option = fc.record({ bytes: fc.integer({ min: 1, max: 40 }), cost: fc.integer({ min: 0, max: 1000 }) });
const problem = fc.array(fc.array(option, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });

function totalOf(tensors: readonly (readonly Option[])[], chosen: readonly number[]): Option {
  return tensors.reduce(
    (sum, options, i) => ({
      bytes: sum.bytes + options[chosen[i]].bytes,
      cost: sum.cost + options[chosen[i]].cost,
    }),
    { bytes: 0, cost: 0 },
  );
}

/** Every choice there is. */
function* allChoices(tensors: readonly (readonly Option[])[]): Generator<number[]> {
  const [first, ...rest] = tensors;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const others of allChoices(rest)) for (const i of first.keys()) yield [i, ...others];
}

function bestOf(tensors: readonly (readonly Option[])[], bytes: number): Option | undefined {
  let best: Option | undefined;
  for (const choice of allChoices(tensors)) {
    const total = totalOf(tensors, choice);
    if (total.bytes <= bytes && (best === undefined || total.cost < best.cost)) best = total;
  }
  return best;
}

describe("against all choices there are", () => {
  test("it is never larger than asked for, and there whenever anything is", () => {
    fc.assert(
      fc.property(problem, fc.integer({ min: 0, max: 200 }), (tensors, bytes) => {
        const chosen = chooseOptions(tensors, bytes);
        expect(chosen === undefined).toBe(bestOf(tensors, bytes) === undefined);
        if (chosen) expect(totalOf(tensors, chosen).bytes).toBeLessThanOrEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  test("it costs the least where all tensors are at one price of a byte, and at most one tensor's step more else", () => {
    fc.assert(
      fc.property(problem, fc.integer({ min: 0, max: 200 }), (tensors, bytes) => {
        const chosen = chooseOptions(tensors, bytes);
        const best = bestOf(tensors, bytes);
        if (chosen === undefined || best === undefined) return;
        const spans = tensors.map((options) => {
          const costs = options.map(({ cost }) => cost);
          return Math.max(...costs) - Math.min(...costs);
        });
        expect(totalOf(tensors, chosen).cost).toBeLessThanOrEqual(best.cost + Math.max(...spans));
      }),
      { numRuns: 300 },
    );
  });

  test("with the room that it took itself, no choice at a price of a byte costs less", () => {
    const line = (weight: number): Option[] =>
      [1, 2, 3, 4].map((bytes) => ({ bytes: 8 * bytes, cost: weight * 4 ** -bytes }));
    const tensors = [1, 3, 10, 30, 100, 0.1].map(line);
    for (let bytes = 48; bytes <= 192; bytes += 8) {
      const chosen = chooseOptions(tensors, bytes)!;
      // each step is a quarter of the one before, so that every choice of the steps by their gain is the best of its size
      expect(totalOf(tensors, chosen).cost).toBeCloseTo(bestOf(tensors, bytes)!.cost, 12);
    }
  });
});

test("what is left of the room goes to what it helps, too", () => {
  // the second step of the first tensor does not fit, the other's larger one does
  const tensors = [
    [
      { bytes: 10, cost: 100 },
      { bytes: 40, cost: 0 },
    ],
    [
      { bytes: 10, cost: 10 },
      { bytes: 20, cost: 5 },
    ],
  ];
  expect(chooseOptions(tensors, 30)).toEqual([0, 1]);
  expect(chooseOptions(tensors, 50)).toEqual([1, 0]);
  expect(chooseOptions(tensors, 60)).toEqual([1, 1]);
  expect(chooseOptions(tensors, 19)).toBeUndefined();
});

test("more room than anything takes leaves the best of each, though it may not be the largest", () => {
  const tensors = [
    [
      { bytes: 10, cost: 1 },
      { bytes: 20, cost: 3 },
    ],
  ];
  expect(chooseOptions(tensors, 1000)).toEqual([0]);
});
