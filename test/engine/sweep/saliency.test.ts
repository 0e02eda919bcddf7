import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { Target } from "../../../src/engine/sweep/target";
import { saliencyByDifferences, valueOf } from "../support/finite-differences";
import { logitsOf } from "../support/forward";
import { fixturePath, fixtureReference } from "../support/reference";
import { sampleOf } from "../support/samples";
import { swept } from "../support/sweeping";

/** Of the largest saliency of the text. */
const TOLERANCE = 2e-3;

const LENGTH = 14;

describe.each(["llama", "gpt2", "gemma3", "gemma2"])("token saliency in %s", (name) => {
  let model: Model;
  let ids: readonly number[];

  beforeAll(async () => {
    model = await openModel(fixturePath(name));
    ids = fixtureReference(name).tokens[1].slice(0, LENGTH);
  });

  afterAll(async () => {
    await model.close();
  });

  test.each<Target>([
    { kind: "max-logit" },
    { kind: "loss" },
    { kind: "next-token", position: 9 },
    { kind: "logit", token: 100 },
    { kind: "logit", token: 100, minus: 7 },
  ])("is what y changes by when a token's hidden state is scaled: %o", async (target) => {
    const { saliency, heads } = await swept({ model, samples: [sampleOf(ids)], target });
    const expected = await saliencyByDifferences(model, ids, target);
    const scale = Math.max(...expected.map(Math.abs));
    const worst = Math.max(...expected.map((value, t) => Math.abs(value - saliency[0][t]) / scale));
    expect(worst).toBeLessThan(TOLERANCE);

    const y = valueOf(target, await logitsOf(model, ids), ids);
    expect(Math.abs(heads[0].value / y - 1)).toBeLessThan(1e-5);
  });

  test("is 0 behind the position that the target reads", async () => {
    const target = { kind: "next-token", position: 4 } as const;
    const { saliency } = await swept({ model, samples: [sampleOf(ids)], target });
    expect(saliency[0]).toHaveLength(ids.length);
    expect(saliency[0].subarray(0, 4).every((value) => value !== 0)).toBe(true);
    expect(saliency[0].subarray(4).every((value) => value === 0)).toBe(true);
  });
});
