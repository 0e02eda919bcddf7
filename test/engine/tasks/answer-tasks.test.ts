import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openModel } from "../../../src/engine/model/model";
import { openRuntime } from "../../../src/engine/runtime/open-runtime";
import { Profiler } from "../../../src/engine/sweep/profiler";
import { answerLikelihoods, answerTasks } from "../../../src/engine/tasks/answer-tasks";
import { mcNemar } from "../../../src/engine/tasks/mcnemar";
import { readTasks, type Tasks } from "../../../src/engine/tasks/read-tasks";
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
