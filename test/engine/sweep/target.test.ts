import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ParamscopeError } from "../../../src/engine/errors";
import { openModel, type Model } from "../../../src/engine/model/model";
import { parseTarget, targetLength, targetName, type Target } from "../../../src/engine/sweep/target";
import { StatisticsReducer } from "../../../src/engine/sweep/reducers/statistics";
import type { Reducer, Tile } from "../../../src/engine/sweep/reducers/reducer";
import { logitsOf, logSoftmax } from "../support/forward";
import { demoModel } from "../support/reference";
import { sampleOf } from "../support/samples";
import { swept } from "../support/sweeping";

let model: Model;
let ids: number[];

beforeAll(async () => {
  model = await openModel(demoModel);
  ids = model.tokenizer.encode("The river rose in the night.", { special: true }).ids;
});

afterAll(async () => {
  await model.close();
});

describe("a target", () => {
  test("is written and read back the same", () => {
    const [the] = model.tokenizer.encode(" the", { special: false }).ids;
    const targets: Target[] = [
      { kind: "max-logit" },
      { kind: "loss" },
      { kind: "next-token", position: 1 },
      { kind: "next-token", position: 40 },
    ];
    for (let token = 0; token < model.vocabularySize; token += 17)
      targets.push({ kind: "logit", token }, { kind: "logit", token, minus: the });
    for (const target of targets)
      expect(parseTarget(targetName(target, model.tokenizer), model.tokenizer)).toEqual(target);
  });

  test("is written and read back the same where the tokens' texts hold hyphens themselves", () => {
    const all = Array.from({ length: model.vocabularySize }, (_, id) => id);
    const hyphened = all.filter((id) => model.tokenizer.tokenText(id).includes("-"));
    expect(hyphened.length).toBeGreaterThan(2);
    for (const token of hyphened)
      for (const minus of hyphened) {
        const target: Target = { kind: "logit", token, minus };
        expect(parseTarget(targetName(target, model.tokenizer), model.tokenizer)).toEqual(target);
      }
  });

  test("names tokens by their text, or by their id", () => {
    const token = (text: string): number => model.tokenizer.encode(text, { special: false }).ids[0];
    expect(parseTarget("logit: the", model.tokenizer)).toEqual({ kind: "logit", token: token(" the") });
    expect(parseTarget("logit: a- the", model.tokenizer)).toEqual({
      kind: "logit",
      token: token(" a"),
      minus: token(" the"),
    });
    expect(parseTarget("logit:-", model.tokenizer)).toEqual({ kind: "logit", token: token("-") });
    expect(parseTarget("logit:#12-#7", model.tokenizer)).toEqual({ kind: "logit", token: 12, minus: 7 });
  });

  test.each<[string, string]>([
    ["max", "There is no target 'max'."],
    ["", "There is no target ''."],
    ["next-token", "There is no target 'next-token'."],
    ["next-token:0", "There is no target 'next-token:0'."],
    ["next-token:-1", "There is no target 'next-token:-1'."],
    ["next-token:x", "There is no target 'next-token:x'."],
    ["logit:", "There is no target 'logit:'."],
    [
      "logit:an unlikely riverboat",
      "'an unlikely riverboat' is not one token of this model, nor the difference of two.",
    ],
    ["logit:#99999999", "'#99999999' is not one token of this model, nor the difference of two."],
    ["logit: a-an unlikely one", "' a-an unlikely one' is not one token of this model, nor the difference of two."],
  ])("'%s' is none", (text, message) => {
    let thrown: unknown;
    try {
      parseTarget(text, model.tokenizer);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ParamscopeError);
    expect(thrown).toMatchObject({
      message,
      remedy: message.startsWith("There")
        ? "Targets are spread, max-logit, answer, answer:TEXT, loss, next-token:T (T from 1 on), logit:TOKEN or logit:A-B."
        : "Most words are a token with the space in front, as in 'logit: Paris'; an id is written '#1234'.",
    });
  });

  test("reads as many ids as it needs", () => {
    expect(targetLength(10, { kind: "next-token", position: 4 })).toBe(4);
    expect(targetLength(10, { kind: "max-logit" })).toBe(10);
    expect(targetLength(10, { kind: "loss" })).toBe(10);
  });
});

describe("the value of a target", () => {
  const valueOf = async (target: Target) => (await swept({ model, samples: [sampleOf(ids)], target })).heads[0];

  test("of a token is its logit, of two the difference", async () => {
    const last = (await logitsOf(model, ids))[ids.length - 1];
    for (const [token, minus] of [
      [5, 900],
      [300, 12],
    ]) {
      const one = await valueOf({ kind: "logit", token });
      expect(one.value).toBeCloseTo(last[token], 4);
      expect(one.probability).toBeCloseTo(Math.exp(logSoftmax(last)[token]), 6);
      expect(one.token).toBe(token);
      expect((await valueOf({ kind: "logit", token, minus })).value).toBeCloseTo(last[token] - last[minus], 4);
    }
  });

  test("of the next token is its log-probability, at every position", async () => {
    const logits = await logitsOf(model, ids);
    for (let position = 1; position < ids.length; position++) {
      const { value, token, probability } = await valueOf({ kind: "next-token", position });
      expect(token).toBe(ids[position]);
      expect(value).toBeCloseTo(logSoftmax(logits[position - 1])[ids[position]], 4);
      expect(probability).toBeCloseTo(Math.exp(value), 9);
    }
  });

  test("of the loss is the mean over all positions", async () => {
    const logits = await logitsOf(model, ids);
    const likelihoods = ids.slice(1).map((id, t) => logSoftmax(logits[t])[id]);
    const expected = -likelihoods.reduce((sum, value) => sum + value, 0) / likelihoods.length;
    const { value, negativeLogLikelihood, token, probability } = await valueOf({ kind: "loss" });
    expect(value).toBeCloseTo(expected, 4);
    expect(negativeLogLikelihood).toBe(value);
    expect([token, probability]).toEqual([undefined, undefined]);
  });

  test("comes with the five likeliest next tokens", async () => {
    const last = logSoftmax((await logitsOf(model, ids))[ids.length - 1]);
    const expected = [...last.keys()].sort((a, b) => last[b] - last[a]).slice(0, 5);
    for (const kind of ["max-logit", "loss"] as const) {
      const { next } = await valueOf({ kind });
      expect(next.map(({ id }) => id)).toEqual(expected);
      next.forEach(({ id, probability }) => {
        expect(probability).toBeCloseTo(Math.exp(last[id]), 5);
      });
    }
  });
});

describe("the gradient of a difference of logits", () => {
  test("is that of the first without that of the second: saliency adds up, and A-A has none", async () => {
    const saliencyOf = async (target: Target): Promise<Float32Array> =>
      (await swept({ model, samples: [sampleOf(ids)], target })).saliency[0];
    const [a, b, difference, none] = [
      await saliencyOf({ kind: "logit", token: 5 }),
      await saliencyOf({ kind: "logit", token: 900 }),
      await saliencyOf({ kind: "logit", token: 5, minus: 900 }),
      await saliencyOf({ kind: "logit", token: 5, minus: 5 }),
    ];
    const scale = Math.max(...a.map(Math.abs), ...b.map(Math.abs));
    difference.forEach((value, t) => {
      expect(Math.abs(value - (a[t] - b[t])) / scale).toBeLessThan(1e-5);
    });
    none.forEach((value) => {
      expect(value).toBe(0);
    });
  });

  test("is, of every matrix, the difference of the two gradients", async () => {
    const [a, b, difference] = [
      await scoresOf({ kind: "logit", token: 5 }),
      await scoresOf({ kind: "logit", token: 900 }),
      await scoresOf({ kind: "logit", token: 5, minus: 900 }),
    ];
    // activations are absolute: |g_a − g_b| is |a − b| or a + b
    const scale = a.reduce((most, value) => Math.max(most, value), 0);
    difference.forEach((value, i) => {
      const either = Math.min(Math.abs(value - Math.abs(a[i] - b[i])), Math.abs(value - a[i] - b[i]));
      expect(either / scale).toBeLessThan(1e-5);
    });
  });

  test("activates as the largest logit does where the token is the likeliest", async () => {
    const { heads } = await swept({ model, samples: [sampleOf(ids)] });
    const token = heads[0].token ?? NaN;
    const [largest, named] = [await statisticsOf({ kind: "max-logit" }), await statisticsOf({ kind: "logit", token })];
    expect(named).toEqual(largest);
  });
});

/** Scores of one matrix of a middle layer. */
async function scoresOf(target: Target): Promise<Float32Array> {
  const scores: number[] = [];
  const collector: Reducer = {
    tile({ layer, module, scores: [values] }: Tile) {
      if (layer === 5 && module.name === "self_attn.o_proj") scores.push(...values);
    },
  };
  await swept({ model, samples: [sampleOf(ids)], units: [{ sets: [[0]] }], reducers: [collector], target });
  expect(scores.length).toBeGreaterThan(0);
  return Float32Array.from(scores);
}

async function statisticsOf(target: Target): Promise<number[]> {
  const statistics = new StatisticsReducer(model.definition);
  await swept({ model, samples: [sampleOf(ids)], units: [{ sets: [[0]] }], reducers: [statistics], target });
  return Array.from({ length: model.layers }, (_, layer) =>
    [...statistics.layer(layer).values()].map(({ sum }) => sum),
  ).flat();
}
