import { expect, test } from "vitest";
import type { AnsweredTasksDescription } from "../../src/engine/document/document";
import { taskSentences } from "../../src/format/tasks";

const tasks = (gained: number, lost: number, p: number): AnsweredTasksDescription => ({
  source: "arc.jsonl",
  kind: "ARC",
  questions: 200,
  accuracy: { dense: 120, changed: 120 + gained - lost, gained, lost, p },
  perByte: { dense: 110, changed: 110, gained: 0, lost: 0, p: 1 },
});

test("a model is called worse or better only where that is no chance", () => {
  expect(taskSentences(tasks(2, 20, 0.0001), "quantised")).toEqual([
    "Of the questions of ARC in arc.jsonl the dense model answers 120 of 200 (60 %, 53 % to 67 %), the quantised one 102 of 200 (51 %, 44 % to 58 %). The quantised one alone is right in 2 questions, the dense one alone in 20: it is worse at them, and not by chance.",
    "By the likelihood of each byte of an answer: dense 110 of 200 (55 %, 48 % to 62 %), quantised 110 of 200 (55 %, 48 % to 62 %). Both answer the same ones rightly.",
  ]);
  expect(taskSentences(tasks(20, 2, 0.0001), "pruned")[0]).toMatch(/: it is better at them, and not by chance\.$/);
  expect(taskSentences(tasks(1, 3, 0.625), "pruned")[0]).toMatch(
    /The pruned one alone is right in 1 question, the dense one alone in 3, which may be chance\.$/,
  );
});

test("questions of no known kind are questions", () => {
  expect(taskSentences({ ...tasks(0, 0, 1), kind: "prompts" }, "pruned")[0]).toMatch(
    /^Of the questions in arc\.jsonl the dense model/,
  );
});

test("where asking stopped, it is said how many were asked", () => {
  expect(taskSentences({ ...tasks(2, 20, 0.0001), available: 9000 }, "pruned")[0]).toMatch(
    /^Of the questions of ARC in arc\.jsonl, of which 200 of 9,000 were asked, in random order until one model was certainly better, the dense model answers 120 of 200 /,
  );
  expect(taskSentences({ ...tasks(2, 3, 1), available: 200 }, "pruned")[0]).toMatch(
    /^Of the questions of ARC in arc\.jsonl, all 200 of which were asked, the dense model answers /,
  );
});
