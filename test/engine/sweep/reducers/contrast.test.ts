import { beforeAll, describe, expect, test } from "vitest";
import type { ScoredModule } from "../../../../src/engine/model/model";
import { ContrastReducer } from "../../../../src/engine/sweep/reducers/contrast";
import { definitionOf, hand, randomScores } from "../../support/tiles";

let modules: readonly ScoredModule[];

beforeAll(async () => {
  ({ modules } = await definitionOf("llama"));
});

describe("contrast of two sets against a background", () => {
  test("is the cosine of log(1 + A/Ā) over all matrices of a layer", () => {
    const reducer = new ContrastReducer({ a: 0, b: 1, background: 2 });
    let [ab, aa, bb] = [0, 0, 0];
    for (const [i, module] of modules.entries()) {
      const scores = [0, 1, 2].map((set) => randomScores(3 * i + set, module));
      hand(reducer, { module, scores });
      const [a, b, mean] = scores;
      mean.forEach((background, at) => {
        if (background === 0) return;
        const [x, y] = [Math.log1p(a[at] / background), Math.log1p(b[at] / background)];
        ab += x * y;
        aa += x * x;
        bb += y * y;
      });
    }
    expect(reducer.similarity(0)).toBeCloseTo(ab / Math.sqrt(aa * bb), 7);
  });

  test("is 1 for the same set, and 0 where there is nothing", () => {
    const [module] = modules;
    const same = new ContrastReducer({ a: 0, b: 0, background: 1 });
    hand(same, { module, scores: [randomScores(1, module), randomScores(2, module)] });
    expect(same.similarity(0)).toBeCloseTo(1, 12);
    expect(same.similarity(1)).toBe(0);
  });
});
