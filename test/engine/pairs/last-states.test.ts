import { describe, expect, test } from "vitest";
import { openModel } from "../../../src/engine/model/model";
import { centredCosines } from "../../../src/engine/pairs/last-states";
import { pairs } from "../../../src/engine/pairs/pairs";
import type { Target } from "../../../src/engine/sweep/target";
import { baselines } from "../support/pairs-baselines";
import { fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";

const { template, pairs: table, hidden } = baselines;
const sentences = table.map(([a, b, score]) => ({ a, b, score }));

async function hiddenOf(fixture: string, target: Target): Promise<number[][]> {
  const model = await openModel(fixturePath(fixture));
  try {
    const request = { model, target, threads: 1, source: "own.csv", window: 512, seed: 0, contrast: false, template };
    const { document } = await resultOf(pairs({ ...request, pairs: sentences }));
    return document.pairs.map((pair) => pair.hidden ?? []);
  } finally {
    await model.close();
  }
}

describe("hidden states of the last token", () => {
  // where all sentences end alike, the first block is given the same of all
  test.each(Object.keys(hidden))("of %s are those of transformers, in front of every block", async (fixture) => {
    const found = await hiddenOf(fixture, { kind: "spread" });
    expect(found[0]).toHaveLength(hidden[fixture].length);
    found.forEach((layers, pair) => {
      layers.forEach((cosine, layer) => {
        expect(Math.abs(cosine - hidden[fixture][layer][pair])).toBeLessThan(2e-3);
      });
    });
  });

  test.each<Target>([{ kind: "loss" }, { kind: "next-token", position: 2 }, { kind: "answer", text: " yes, it is" }])(
    "are the text's, whatever the target: %j",
    async (target) => {
      const found = await hiddenOf("llama", target);
      found.forEach((layers, pair) => {
        layers.forEach((cosine, layer) => {
          expect(Math.abs(cosine - hidden.llama[layer][pair])).toBeLessThan(2e-3);
        });
      });
    },
  );
});

describe("centred cosines", () => {
  test("are 0 for a vector that is the mean, and −1 for two by themselves", () => {
    const vectors = [
      [1, 2],
      [3, 2],
      [2, 2],
    ].map((values) => Float32Array.from(values));
    expect(
      centredCosines(vectors, [
        [0, 1],
        [0, 2],
        [0, 0],
      ]),
    ).toEqual([-1, 0, 1]);
  });

  test("are 1 for any two that are alike, so that rounding puts none before the other", () => {
    const vectors = Array.from({ length: 40 }, (_, i) =>
      Float32Array.of(Math.sin(i), Math.cos(3 * i) / 7, Math.sqrt(i)),
    );
    const cosines = centredCosines(
      vectors.flatMap((vector) => [vector, Float32Array.from(vector)]),
      vectors.map((_, i) => [2 * i, 2 * i + 1] as const),
    );
    expect(new Set(cosines)).toEqual(new Set([1]));
  });

  test("are 0 where all are alike, whatever rounding leaves", () => {
    const vectors = Array.from({ length: 7 }, () => Float32Array.of(0.1, 1e5 / 3, -1 / 3));
    expect(centredCosines(vectors, [[0, 1]])).toEqual([0]);
  });
});
