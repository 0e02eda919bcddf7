import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { Pair } from "../../../src/engine/pairs/group-pairs";
import { planPairs } from "../../../src/engine/pairs/plan-pairs";
import { Grams } from "../../../src/engine/sweep/grams";
import { fixturePath } from "../support/reference";
import { maxLogit } from "../support/sweeping";

let model: Model;

beforeAll(async () => {
  model = await openModel(fixturePath("llama"));
});

afterAll(async () => {
  await model.close();
});

const plan = (pairs: readonly Pair[], lengths: readonly number[]) =>
  planPairs({ model, lengths, target: maxLogit, keepsMatrices: false, budget: Infinity }, pairs, true);

describe("a plan of pairs", () => {
  test("has the two texts of every pair where their product is formed, once each unless a batch is too small", () => {
    const texts = 24;
    const anyPairs = fc.array(fc.tuple(fc.nat(texts - 1), fc.nat(texts - 1)), { minLength: 1, maxLength: 20 });
    const anyLengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: texts, maxLength: texts });
    fc.assert(
      fc.property(anyPairs, anyLengths, (pairs, lengths) => {
        const { textOf, pairSamples, sweep } = plan(pairs, lengths);
        const grams = new Grams(undefined);
        grams.begin(sweep.batches);
        pairSamples.forEach(([a, b], pair) => {
          expect([textOf[a], textOf[b]]).toEqual(pairs[pair]);
          // else: not in one batch, or group
          expect(() => grams.products("plain", 0, a, b)).toThrow("has not been swept");
        });
        expect(sweep.batches.flatMap(({ samples }) => samples).sort((a, b) => a - b)).toEqual(textOf.map((_, i) => i));
        for (const { samples, tokens } of sweep.batches)
          expect(tokens).toBe(Math.max(...samples.map((sample) => lengths[textOf[sample]])));
      }),
    );
  });

  test("makes couples of two texts by themselves, small groups of a few, and a batch of many", () => {
    const chain = Array.from({ length: 9 }, (_, i): Pair => [5 + i, 6 + i]);
    const pairs: Pair[] = [[0, 1], [2, 3], [3, 4], ...chain, [15, 16], [17, 17]];
    const { sweep, textOf } = plan(
      pairs,
      pairs.flat().map(() => 10),
    );
    expect(sweep.batches.map(({ samples, groupSize }) => [groupSize, samples.map((sample) => textOf[sample])])).toEqual(
      [
        [2, [0, 1, 15, 16]],
        [8, [2, 3, 4, 17, 2, 2, 2, 2]],
        [undefined, [5, 6, 7, 8, 9, 10, 11, 12, 13, 14]],
      ],
    );
  });
});
