import { describe, expect, test } from "vitest";

import { imageCodes, imageValues } from "../../../../src/engine/document/matrix-image";
import { KeptScores, regionOf } from "../../../../src/engine/sweep/reducers/kept-scores";
import { PooledMaxima } from "../../../../src/engine/sweep/reducers/pooled-maxima";
import { StatisticsReducer } from "../../../../src/engine/sweep/reducers/statistics";
import { definitionOf, hand, moduleNamed, randomScores } from "../../support/tiles";

const matrix = { name: "mlp.down_proj", out: 101, in: 130 };

/** The largest of the values in rows and columns that a cell of `rows × columns` covers. */
function largestIn(scores: Float32Array, of: typeof matrix, rows: number, columns: number): number[] {
  const cells = new Array<number>(rows * columns).fill(0);
  scores.forEach((value, i) => {
    const [row, column] = [Math.floor(i / of.in), i % of.in];
    const cell = Math.floor((row * rows) / of.out) * columns + Math.floor((column * columns) / of.in);
    cells[cell] = Math.max(cells[cell], value);
  });
  return cells;
}

describe("a matrix as a picture", () => {
  test.each([
    [101, 130],
    [1, 1],
    [3, 5],
    [48, 48],
    [49, 95],
    [300, 577],
    [2, 70_000],
  ])("%i × %i has the largest activation of each cell, whatever the tiles", async (out, width) => {
    const { architecture } = await definitionOf("llama");
    const module = { ...matrix, out, in: width };
    const scores = randomScores(3, module);
    for (const height of [1, 7, out]) {
      const statistics = new StatisticsReducer(architecture, (_, name) => name === module.name);
      hand(statistics, { module, scores: [scores] }, height);
      const pooled = statistics.layer(0).get(module.name)?.pooled;
      const sides = [Math.min(48, out), Math.min(48, width)] as const;
      expect([pooled?.rows, pooled?.columns]).toEqual(sides);
      expect([...new Float32Array(pooled?.bits.buffer ?? new ArrayBuffer(0))]).toEqual(
        largestIn(scores, module, ...sides),
      );
    }
  });

  test("is not made where it is not wanted, and no larger than the matrix", async () => {
    const { architecture, modules } = await definitionOf("llama");
    const module = moduleNamed(modules, "self_attn.q_proj");
    const statistics = new StatisticsReducer(architecture);
    hand(statistics, { module, scores: [randomScores(4, module)] });
    expect(statistics.layer(0).get(module.name)?.pooled).toBeUndefined();
    expect(new PooledMaxima({ out: 3, in: 5 })).toMatchObject({ rows: 3, columns: 5 });
  });

  test("is written to within 5 %, and nothing stays nothing", () => {
    const scores = randomScores(5, matrix);
    const max = Math.max(...scores);
    const codes = Buffer.from(imageCodes(scores, max)).toString("base64");
    const values = imageValues({ codes }, max);
    expect(values).toHaveLength(scores.length);
    scores.forEach((value, i) => {
      if (value === 0) expect(values[i]).toBe(0);
      else expect(Math.abs(values[i] / value - 1)).toBeLessThan(0.05);
    });
  });
});

describe("the activations of one matrix", () => {
  const scores = randomScores(6, matrix);
  const keep = (place: { layer: number; matrix: string }) => {
    const kept = new KeptScores(place);
    hand(kept, { layer: 2, module: matrix, scores: [scores] });
    return kept.scores;
  };
  const kept = keep({ layer: 2, matrix: matrix.name });

  test("are kept of the matrix that is wanted alone", () => {
    expect(keep({ layer: 1, matrix: matrix.name })).toBeUndefined();
    expect(keep({ layer: 2, matrix: "mlp.up_proj" })).toBeUndefined();
    expect(kept).toMatchObject({ out: 101, in: 130 });
  });

  test("are told of a region one by one, where there is room", () => {
    if (!kept) throw new Error("Nothing was kept.");
    const { rows, columns, values } = regionOf(kept, { rows: [90, 101], columns: [3, 20] }, 96);
    expect([rows, columns]).toEqual([11, 17]);
    values.forEach((value, i) => {
      const own = scores[(90 + Math.floor(i / 17)) * matrix.in + 3 + (i % 17)];
      expect(Math.abs(value - own)).toBeLessThanOrEqual(own / 128);
    });
  });

  test("are told of a larger region by the largest of each cell", () => {
    if (!kept) throw new Error("Nothing was kept.");
    const { rows, columns, values } = regionOf(kept, { rows: [0, 101], columns: [0, 130] }, 10);
    expect([rows, columns]).toEqual([10, 10]);
    largestIn(scores, matrix, 10, 10).forEach((value, i) =>
      expect(Math.abs(values[i] - value)).toBeLessThanOrEqual(value / 128),
    );
  });

  test("of a region that is not there are refused", () => {
    if (!kept) throw new Error("Nothing was kept.");
    for (const rows of [
      [0, 102],
      [5, 5],
      [-1, 4],
    ] as const)
      expect(() => regionOf(kept, { rows, columns: [0, 10] }, 96)).toThrow(RangeError);
  });
});
