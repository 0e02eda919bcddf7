import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Checkpoint } from "../../../src/engine/model/checkpoint";
import { openModel, type Model } from "../../../src/engine/model/model";
import { openRuntime } from "../../../src/engine/runtime/open-runtime";
import { Profiler } from "../../../src/engine/sweep/profiler";
import { answerLikelihoods, answerTasks } from "../../../src/engine/tasks/answer-tasks";
import { mcNemar, mcNemarAtAnyTime } from "../../../src/engine/tasks/mcnemar";
import { readTasks, type Tasks } from "../../../src/engine/tasks/read-tasks";
import { randomNumbers } from "../../../src/engine/numbers/random";
import { returnedOf } from "../support/returned-of";

/** test/reference/make_tasks.py: transformers, one choice at a time, with prompts of its own wording. */
const reference = JSON.parse(readFileSync("test/reference/tasks.json", "utf8")) as Record<string, number[][]>;

const read = (name: string): Tasks => {
  const labels = name === "piqa.jsonl" ? readFileSync("test/data/tasks/piqa-labels.lst", "utf8") : undefined;
  return readTasks(readFileSync(`test/data/tasks/${name}`, "utf8"), name, labels);
};

describe.each(Object.keys(reference))("%s", (name) => {
  test("has answers as likely as transformers finds them", async () => {
    const model = await openModel("models/demo");
    const request = { model, runtime: await openRuntime({ threads: 1 }), profiler: new Profiler() };
    const likelihoods = await returnedOf(answerLikelihoods(read(name).items, model, request));
    await model.close();
    expect(likelihoods.length).toBe(5);
    for (const [i, item] of likelihoods.entries())
      for (const [choice, { own, other }] of item.entries()) {
        expect(Math.abs(own - reference[name][i][choice]), `${i} ${choice}`).toBeLessThan(2e-3 * Math.abs(own));
        expect(other).toBeCloseTo(own, 4);
      }
  });
});

test("a question is answered rightly where the right choice is the likeliest", async () => {
  const model = await openModel("models/demo");
  const request = { model, runtime: await openRuntime({ threads: 1 }), profiler: new Profiler() };
  const tasks = read("arc.jsonl");
  const answered = await returnedOf(answerTasks({ ...tasks, source: "arc.jsonl" }, model, request));
  await model.close();
  const right = tasks.items.filter(({ answer }, i) => {
    const own = reference["arc.jsonl"][i];
    return own.indexOf(Math.max(...own)) === answer;
  });
  expect(answered).toMatchObject({
    source: "arc.jsonl",
    kind: "ARC",
    questions: 5,
    accuracy: { dense: right.length, changed: right.length, gained: 0, lost: 0, p: 1 },
  });
});

test("McNemar's test is the binomial one", () => {
  // scipy.stats.binomtest(min(a, b), a + b).pvalue
  for (const [gained, lost, p] of [
    [0, 0, 1],
    [5, 5, 1],
    [1, 9, 0.021484375],
    [9, 1, 0.021484375],
    [0, 5, 0.0625],
    [40, 60, 0.05688793364098078],
    [1900, 2100, 0.0016492663751357264],
  ])
    expect(mcNemar(gained, lost)).toBeCloseTo(p, 5);
});

/** Of two models that are right as often, how often a test at 5 % ever calls one better while 300 questions are asked. */
function wronglyDecided(test: (gained: number, lost: number) => number): number {
  const next = randomNumbers(7);
  let decided = 0;
  for (let trial = 0; trial < 400; trial++) {
    let gained = 0;
    for (let all = 1; all <= 300; all++) {
      if (next() < 0.5) gained++;
      if (test(gained, all - gained) < 0.05) {
        decided++;
        break;
      }
    }
  }
  return decided / 400;
}

test("whoever looks after every question needs a test of its own", () => {
  expect(wronglyDecided(mcNemarAtAnyTime)).toBeLessThan(0.05);
  expect(wronglyDecided(mcNemar)).toBeGreaterThan(0.15);
  // 1 / (2ⁿ B(gained + 1, lost + 1)), scipy.special.beta
  for (const [gained, lost, p] of [
    [0, 0, 1],
    [3, 3, 1],
    [0, 9, 0.01953125],
    [9, 1, 0.107421875],
    [12, 40, 0.002428747994744913],
    [700, 1300, 7.55273073435389e-39],
  ])
    expect(Math.abs(mcNemarAtAnyTime(gained, lost) / p - 1), `${gained} ${lost}`).toBeLessThan(1e-9);
});

/** The model with what enters its head turned round: what it found the likeliest it finds the least likely. */
function contrary(model: Model): Model {
  const { checkpoint } = model;
  const turned: Pick<Checkpoint, "read"> = {
    read: async (name, out, ...range) => {
      await checkpoint.read(name, out, ...range);
      if (name === "model.norm.weight") for (const [i, value] of out.entries()) out[i] = -value;
    },
  };
  return { ...model, checkpoint: { ...checkpoint, ...turned } };
}

test("no more questions are asked than it takes", async () => {
  const model = await openModel("models/demo");
  const request = { model, runtime: await openRuntime({ threads: 1 }), profiler: new Profiler() };
  // 32 of them pass together
  const prompt = "Once upon a time there was a small dog. ".repeat(40);
  const items = Array.from({ length: 36 }, (_, i) => ({
    prompt: `${prompt}${i}`,
    choices: [" the", " and"],
    answer: 0,
  }));
  const likelihoods = await returnedOf(answerLikelihoods(items, model, request));
  const right = items.map((item, i) => ({ ...item, answer: likelihoods[i][0].own > likelihoods[i][1].own ? 0 : 1 }));
  const asked = { source: "many.jsonl", format: "prompts", items: right, untilDecided: true } as const;
  const { questions, available, accuracy } = await returnedOf(answerTasks(asked, contrary(model), request));
  await model.close();
  expect(available).toBe(36);
  expect(questions).toBe(32);
  expect(accuracy).toMatchObject({ dense: questions, changed: 0, gained: 0, lost: questions });
  expect(accuracy.p).toBeLessThan(0.05);
});
