import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { Target } from "../../../src/engine/sweep/target";
import { embeddedTogether, logitsFrom, logSoftmax } from "../support/forward";
import { fixturePath, fixtureReference } from "../support/reference";
import { sampleOf } from "../support/samples";
import { swept } from "../support/sweeping";

/** Scales at which y is taken for a fourth-order difference: its error and float32's are then both small. */
const STEP = 1 / 64;
const SCALES = [1 + 2 * STEP, 1 + STEP, 1 - STEP, 1 - 2 * STEP];
/** Of the largest saliency of the text. */
const TOLERANCE = 2e-3;

const LENGTH = 14;

/** y of a text's logits, as DESIGN defines it. */
function valueOf(target: Target, logits: readonly Float32Array[], ids: readonly number[]): number {
  const last = logits[logits.length - 1];
  switch (target.kind) {
    case "max-logit":
      return Math.max(...last);
    case "logit":
      return last[target.token] - (target.minus === undefined ? 0 : last[target.minus]);
    case "next-token":
      return logSoftmax(logits[target.position - 1])[ids[target.position]];
    case "loss": {
      const likelihoods = ids.slice(1).map((id, t) => logSoftmax(logits[t])[id]);
      return -likelihoods.reduce((sum, likelihood) => sum + likelihood, 0) / likelihoods.length;
    }
  }
}

/** dy / d scale of the hidden state that enters block 0 at each position, by differences. */
async function differences(model: Model, ids: readonly number[], target: Target): Promise<number[]> {
  const { hiddenSize } = model;
  const hidden = await embeddedTogether(model, [Int32Array.from(ids)]);
  const scaled = new Float32Array(hidden.length * ids.length * SCALES.length);
  const variants = ids.flatMap((_, position) => SCALES.map((scale) => ({ position, scale })));
  variants.forEach(({ position, scale }, text) => {
    const at = text * hidden.length;
    scaled.set(hidden, at);
    for (let i = position * hiddenSize; i < (position + 1) * hiddenSize; i++) scaled[at + i] *= scale;
  });
  const all = ids.map((_, t) => t);
  const logits = await logitsFrom(
    model,
    scaled,
    variants.map(() => all),
  );
  const values = logits.map((ofText) => valueOf(target, ofText, ids));
  return ids.map((_, t) => {
    const [f2, f1, g1, g2] = values.slice(t * SCALES.length, (t + 1) * SCALES.length);
    return (8 * (f1 - g1) - (f2 - g2)) / (12 * STEP);
  });
}

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
    const expected = await differences(model, ids, target);
    const scale = Math.max(...expected.map(Math.abs));
    const worst = Math.max(...expected.map((value, t) => Math.abs(value - saliency[0][t]) / scale));
    expect(worst).toBeLessThan(TOLERANCE);

    const logits = await logitsFrom(model, await embeddedTogether(model, [Int32Array.from(ids)]), [
      ids.map((_, t) => t),
    ]);
    const y = valueOf(target, logits[0], ids);
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
