import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScoredModule } from "../../../../src/engine/model/model";
import { kthLargest, TopSetReducer } from "../../../../src/engine/sweep/reducers/top-sets";
import { hand, randomScores } from "../../support/tiles";

fc.configureGlobal({ seed: 1, numRuns: 200 });

const modules: readonly ScoredModule[] = [
  { name: "q_proj", out: 12, in: 10 },
  { name: "down_proj", out: 7, in: 9 },
];
const share = 0.15;

/** The top set of a matrix as DESIGN defines it: the round(share · n) largest that are above 0, ties included. */
function topSet(scores: Float32Array): boolean[] {
  const k = Math.max(1, Math.round(share * scores.length));
  const threshold = [...scores].sort((a, b) => b - a)[k - 1];
  return Array.from(scores, (value) => value >= threshold && value > 0);
}

describe("the k-th largest value", () => {
  test("is exact, whatever the values and ties", () => {
    const value = fc.oneof(
      fc.constantFrom(0, 1, Math.fround(0.1), 2 ** -149),
      fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }).map(Math.abs),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 100 }), fc.nat(120), (values, n) => {
        const k = n + 1;
        const expected = [...values].sort((a, b) => b - a)[k - 1] ?? 0;
        expect(kthLargest(Float32Array.from(values), k)).toBe(expected);
      }),
    );
  });

  test("is that of a part of a larger array", () => {
    expect(kthLargest(Float32Array.of(9, 1, 3, 2, 9).subarray(1, 4), 2)).toBe(2);
  });
});

describe("top sets", () => {
  test("overlap as sets of the largest do, matrix by matrix and unit by unit", () => {
    const pairs: [number, number][] = [
      [0, 1],
      [2, 0],
    ];
    const reducer = new TopSetReducer(share, pairs);
    for (const unit of [0, 1])
      for (const layer of [1, 0]) {
        modules.forEach((module, m) => {
          const scores = [0, 1, 2].map((set) => randomScores(1 + set + 10 * m + 100 * layer + 1000 * unit, module));
          hand(reducer, { layer, module, unit, scores }, 4);
          const tops = scores.map(topSet);
          const expected = pairs.map(([a, b]) => ({
            both: tops[a].filter((inA, i) => inA && tops[b][i]).length,
            onlyA: tops[a].filter((inA, i) => inA && !tops[b][i]).length,
            onlyB: tops[b].filter((inB, i) => inB && !tops[a][i]).length,
          }));
          expect(reducer.overlaps(layer, module.name, unit)).toEqual(expected);
        });
      }
  });

  test("hold ties and no zeros", () => {
    const module = { name: "w", out: 2, in: 10 };
    const reducer = new TopSetReducer(share, [[0, 1]]);
    // k = 3: 4, and both 2 and 2 with a third 2 as a tie; and a matrix with two values only
    const a = Float32Array.from({ length: 20 }, (_, i) => [4, 2, 2, 2, 1][i] ?? 0);
    const b = Float32Array.from({ length: 20 }, (_, i) => (i === 3 || i === 4 ? 1 : 0));
    hand(reducer, { module, scores: [a, b] });
    expect(reducer.overlaps(0, "w")).toEqual([{ both: 1, onlyA: 3, onlyB: 1 }]);
  });

  test("of a matrix of zeros are empty", () => {
    const module = { name: "w", out: 2, in: 10 };
    const reducer = new TopSetReducer(share, [[0, 1]], { counted: 2 });
    hand(reducer, { module, scores: [new Float32Array(20), new Float32Array(20)] });
    reducer.matrixDone(0, module);
    expect(reducer.overlaps(0, "w")).toEqual([{ both: 0, onlyA: 0, onlyB: 0 }]);
    expect(reducer.frequencies(0, ["w"])).toEqual([20, 0, 0]);
  });

  test("are counted per parameter over all samples, each a unit of its own", () => {
    const samples = [0, 1, 2, 3];
    const reducer = new TopSetReducer(share, [], { counted: samples.length });
    for (const layer of [1, 0]) {
      const names = modules.map(({ name }) => name);
      const total = new Array<number>(samples.length + 1).fill(0);
      modules.forEach((module, m) => {
        const expected = new Array<number>(samples.length + 1).fill(0);
        const scores = samples.map((sample) => randomScores(7 + sample + 10 * m + 100 * layer, module));
        samples.forEach((sample) => {
          hand(reducer, { layer, module, unit: sample, scores: [scores[sample]] });
        });
        const tops = scores.map(topSet);
        for (let i = 0; i < module.out * module.in; i++) expected[tops.filter((top) => top[i]).length]++;
        reducer.matrixDone(layer, module);
        expect(reducer.frequencies(layer, [module.name])).toEqual(expected);
        expected.forEach((count, times) => (total[times] += count));
      });
      expect(reducer.frequencies(layer, names)).toEqual(total);
    }
  });
});
