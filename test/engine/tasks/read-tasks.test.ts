import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTasks } from "../../../src/engine/tasks/read-tasks";

const read = (name: string, labels?: string) =>
  readTasks(readFileSync(`test/data/tasks/${name}`, "utf8"), name, labels);
const own = (...lines: readonly unknown[]): string => lines.map((line) => JSON.stringify(line)).join("\n");

describe("files as they are distributed", () => {
  test.each([
    ["boolq.jsonl", "BoolQ", [0, 1, 1, 0, 1]],
    ["hellaswag.jsonl", "HellaSwag", [0, 1, 2, 3, 0]],
    ["arc.jsonl", "ARC", [0, 2, 1, 1, 2]],
    ["mmlu.csv", "MMLU", [1, 0, 2, 1, 3]],
    ["prompts.jsonl", "prompts", [0, 0, 0, 0, 0]],
  ])("%s", (name, format, answers) => {
    const tasks = read(name);
    expect(tasks.format).toBe(format);
    expect(tasks.items.map(({ answer }) => answer)).toEqual(answers);
  });

  test("PIQA has its answers in a file beside", () => {
    const { format, items } = read("piqa.jsonl", "0\n1\n0\n1\n0\n");
    expect([format, items.map(({ answer }) => answer)]).toEqual(["PIQA", [0, 1, 0, 1, 0]]);
    expect(() => read("piqa.jsonl")).toThrow("piqa.jsonl, line 1: the right answer is not said");
  });

  test("prompts are worded as usual, and answers stand behind a space", () => {
    expect(read("boolq.jsonl").items[0]).toEqual({
      prompt:
        "The ferry to the island runs from April to October. In the cold months the strait is left to the seals.\nQuestion: does the ferry run in winter?\nAnswer:",
      choices: [" no", " yes"],
      answer: 0,
    });
    expect(read("hellaswag.jsonl").items[2].prompt).toBe(
      "How to plant a bulb: How to plant a bulb. Choose a place. It should get the sun.",
    );
    expect(read("mmlu.csv").items[1]).toEqual({
      prompt: 'Which word is the opposite of "early"?\nA. late\nB. soon\nC. first\nD. quick\nAnswer:',
      choices: [" A", " B", " C", " D"],
      answer: 0,
    });
  });
});

describe("what is no question is refused by its line", () => {
  const good = { prompt: "a", choices: ["b", "c"], answer: 0 };
  test.each([
    ["", "holds no questions: it is empty"],
    ["\n  \n", "holds no questions: it is empty"],
    [`${own(good)}\n{"prompt"`, "line 2: it is no JSON"],
    [own({ a: 1 }), "line 1: it is not to be seen what is asked"],
    [
      own(good, { question: "q", passage: "p", answer: true }),
      "line 2: it is laid out as BoolQ, and those before as prompts",
    ],
    [own({ ...good, prompt: 3 }), "line 1: it has no question"],
    [own({ ...good, prompt: " " }), "line 1: it has no question"],
    [own({ ...good, choices: ["b"] }), "line 1: it has no two answers to choose from"],
    [own({ ...good, choices: "bc" }), "line 1: it has no two answers to choose from"],
    [own({ ...good, choices: ["b", ""] }), "line 1: an answer is empty, or no text"],
    [own({ ...good, choices: ["b", 3] }), "line 1: an answer is empty, or no text"],
    [own({ ...good, choices: Array(101).fill("b") }), "line 1: it has 101 answers, and a question may have 100"],
    [own({ ...good, answer: 2 }), "line 1: the right answer is 2, which is none of them"],
    [own({ ...good, answer: -1 }), "line 1: the right answer is -1, which is none of them"],
    [own({ ...good, answer: "d" }), "line 1: the right answer is d, which is none of them"],
    ["What is it?,a,b", "line 1: it has no question, answers and the letter of the right one"],
    ["What is it?,a,b,c,d,E", "line 1: the right answer is E, which is none of them"],
    ['"What is it?,a,b,c,d,E', "holds neither JSON objects, one a line, nor a table of questions"],
    ['{"format":"paramscope.analysis"}', "is a saved result of Paramscope"],
  ])("%j", (text, message) => {
    expect(() => readTasks(text, "q")).toThrow(message);
  });
});
