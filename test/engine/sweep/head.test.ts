import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { Target } from "../../../src/engine/sweep/target";
import { saliencyByDifferences, valueOf } from "../support/finite-differences";
import { logitsOf, logSoftmax } from "../support/forward";
import { ModelCopy, type StoredTensor } from "../support/model-copy";
import { random, randomArray } from "../support/random";
import { fixtureReference } from "../support/reference";
import { sampleOf } from "../support/samples";
import { swept } from "../support/sweeping";

/** More rows of 64 values than one chunk of the vocabulary has. */
const VOCABULARY = 70_000;

/** The same rows, and random ones behind them. */
function longer({ dtype, bytes }: StoredTensor, seed: number): StoredTensor {
  const values = randomArray(random(seed), VOCABULARY * 64, -0.1, 0.1);
  const all = new Uint8Array(values.buffer);
  all.set(bytes);
  return { dtype, shape: [VOCABULARY, 64], bytes: all };
}

let copy: ModelCopy;
let model: Model;
const ids = fixtureReference("llama").tokens[0].slice(0, 5);

beforeAll(async () => {
  copy = await ModelCopy.of("llama", {
    config: (config) => ({ ...config, vocab_size: VOCABULARY }),
    tensors: (all) => {
      for (const [seed, name] of ["model.embed_tokens.weight", "lm_head.weight"].entries()) {
        const tensor = all.get(name);
        if (tensor === undefined) throw new Error(`the fixture lacks ${name}`);
        all.set(name, longer(tensor, seed));
      }
    },
  });
  model = await openModel(copy.path);
});

afterAll(async () => {
  await model.close();
  await copy.remove();
});

describe("a head whose vocabulary comes in chunks", () => {
  test.each<Target>([
    { kind: "spread" },
    { kind: "max-logit" },
    { kind: "loss" },
    { kind: "next-token", position: 3 },
    { kind: "logit", token: 69_999, minus: 7 },
  ])("has the value and the gradient of all logits at once: %o", async (target) => {
    const { heads, saliency } = await swept({ model, samples: [sampleOf(ids)], target });
    const logits = await logitsOf(model, ids);
    expect(heads[0].value / valueOf(target, logits, ids)).toBeCloseTo(1, 5);

    const expected = await saliencyByDifferences(model, ids, target);
    const scale = Math.max(...expected.map(Math.abs));
    expected.forEach((value, t) => {
      expect(Math.abs(value - saliency[0][t]) / scale).toBeLessThan(2e-3);
    });
  });

  test("has the answer's likelihood as the sum of its tokens'", async () => {
    const logits = await logitsOf(model, ids);
    const likelihoods = [3, 4].map((t) => logSoftmax(logits[t - 1])[ids[t]]);
    const answered = { ...sampleOf(ids), answer: 2 };
    const { heads, saliency } = await swept({ model, samples: [answered], target: { kind: "answer" } });
    expect(heads[0].value).toBeCloseTo(likelihoods[0] + likelihoods[1], 4);
    // what comes next is told behind the text, where the answer begins
    const first = logSoftmax(logits[2]);
    expect(heads[0].next[0].id).toBe(first.indexOf(Math.max(...first)));

    const each = await Promise.all(
      [3, 4].map(async (position) => {
        const target = { kind: "next-token", position } as const;
        return (await swept({ model, samples: [sampleOf(ids)], target })).saliency[0];
      }),
    );
    const scale = Math.max(...saliency[0].map(Math.abs));
    saliency[0].forEach((value, t) => {
      expect(Math.abs(value - each[0][t] - each[1][t]) / scale).toBeLessThan(1e-4);
    });
  });

  test("knows the likeliest tokens of all chunks", async () => {
    const last = logSoftmax((await logitsOf(model, ids))[ids.length - 1]);
    const expected = [...last.keys()].sort((a, b) => last[b] - last[a]).slice(0, 5);
    const [{ token, probability, next }] = (await swept({ model, samples: [sampleOf(ids)] })).heads;
    expect(next.map(({ id }) => id)).toEqual(expected);
    expect(token).toBe(expected[0]);
    expect((probability ?? NaN) / Math.exp(last[expected[0]])).toBeCloseTo(1, 4);
  });
});
