import { parse } from "csv-parse/sync";

import { ParamscopeError } from "../errors";
import { quoteValue } from "../model/formats/quote";
import { refuseOtherFile } from "../text/not-a-text";

/** A question with answers to choose from. */
export interface TaskItem {
  readonly prompt: string;
  /** Each as it stands behind the prompt, with the space in front of it. */
  readonly choices: readonly string[];
  /** The number of the right one. */
  readonly answer: number;
}

/** How a file of tasks is laid out, by what it is known for. */
export type TaskFormat = "BoolQ" | "PIQA" | "HellaSwag" | "ARC" | "MMLU" | "prompts";

export interface Tasks {
  readonly format: TaskFormat;
  readonly items: readonly TaskItem[];
}

/** A question of more answers is no question. */
const MOST_CHOICES = 100;

/**
 * Questions with choices from a file: BoolQ, PIQA, HellaSwag and ARC as they are distributed (a JSON object a line), MMLU (a table without header: question, four
 * answers, a letter), or objects with `prompt`, `choices` and `answer`, the number of the right choice from 0 on or its text. Prompts are worded as by EleutherAI's lm-evaluation-harness.
 * @param labels of PIQA, which has the right answers in a file beside: a number a line.
 * @throws ParamscopeError, with the line, for what is no question.
 */
export function readTasks(text: string, source: string, labels?: string): Tasks {
  refuseOtherFile(source, text);
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => line.trim() !== "");
  if (first < 0)
    throw new ParamscopeError(`${source} holds no questions: it is empty.`, "Name a file with one on each line.");
  if (!lines[first]?.trimStart().startsWith("{")) return { format: "MMLU", items: readMmlu(text, source) };
  const answers = labels?.split(/\r?\n/).filter((line) => line.trim() !== "");
  const items: TaskItem[] = [];
  let format: TaskFormat | undefined;
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const fail = (what: string): ParamscopeError =>
      new ParamscopeError(`${source}, line ${i + 1}: ${what}.`, "Mend the line, or take it out.");
    const object = objectOf(line, fail);
    const own = formatOf(object);
    if (own === undefined)
      throw fail(
        "it is not to be seen what is asked: there are neither prompt, choices and answer nor the fields of a known kind",
      );
    if (format !== undefined && own !== format) throw fail(`it is laid out as ${own}, and those before as ${format}`);
    format = own;
    const answer = answers?.[items.length];
    items.push(checked(READERS[own](answer === undefined ? object : { ...object, label: Number(answer) }), fail));
  }
  if (format === undefined) throw new Error("some line is not empty");
  return { format, items };
}

type Fields = Readonly<Record<string, unknown>>;
type Fail = (what: string) => ParamscopeError;

/** What may be of any type, until it is looked at. */
interface Unchecked {
  readonly prompt: unknown;
  readonly choices: unknown;
  readonly answer: unknown;
}

function objectOf(line: string, fail: Fail): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw fail("it is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fail("it is no JSON object");
  return value as Fields;
}

function formatOf(fields: Fields): TaskFormat | undefined {
  const has = (...names: readonly string[]): boolean => names.every((name) => name in fields);
  if (has("prompt", "choices", "answer")) return "prompts";
  if (has("question", "passage")) return "BoolQ";
  if (has("goal", "sol1", "sol2")) return "PIQA";
  if (has("ctx_a", "ctx_b", "endings")) return "HellaSwag";
  if (has("question", "answerKey")) return "ARC";
  if (has("question", "choices", "answer")) return "MMLU";
  return undefined;
}

const READERS: Readonly<Record<TaskFormat, (fields: Fields) => Unchecked>> = {
  prompts: ({ prompt, choices, answer }) => ({ prompt, choices: behind(choices), answer: placeOf(answer, choices) }),
  BoolQ: ({ passage, question, answer, label = answer }) => ({
    prompt: joined`${passage}\nQuestion: ${question}?\nAnswer:`,
    choices: [" no", " yes"],
    answer: typeof label === "boolean" ? Number(label) : label,
  }),
  PIQA: ({ goal, sol1, sol2, label }) => ({
    prompt: joined`Question: ${goal}\nAnswer:`,
    choices: behind([sol1, sol2]),
    answer: label,
  }),
  HellaSwag: ({ activity_label: activity, ctx_a: a, ctx_b: b, endings, label }) => ({
    prompt: typeof a === "string" && typeof b === "string" ? plain(joined`${activity}: ${a} ${capital(b)}`) : undefined,
    choices: Array.isArray(endings) ? behind(endings.map((ending) => plain(ending))) : undefined,
    // as a string in what Hugging Face hands out
    answer: typeof label === "string" && /^\d+$/.test(label) ? Number(label) : label,
  }),
  ARC: ({ question, choices, answerKey }) => {
    const stem = isObject(question) ? question.stem : question;
    const { texts, labels } = choicesOfArc(isObject(question) ? question.choices : choices);
    return { prompt: joined`Question: ${stem}\nAnswer:`, choices: behind(texts), answer: placeOf(answerKey, labels) };
  },
  MMLU: ({ question, choices, answer }) => ofMmlu(question, choices, answer),
};

const LETTERS = ["A", "B", "C", "D", "E", "F", "G", "H"];

function ofMmlu(question: unknown, choices: unknown, answer: unknown): Unchecked {
  const texts = Array.isArray(choices) ? (choices as unknown[]) : [];
  const lines = texts.map((choice, i) => joined`${LETTERS[i]}. ${choice}\n`);
  return {
    prompt:
      typeof question === "string" && lines.every((line) => line !== undefined)
        ? `${question.trim()}\n${lines.join("")}Answer:`
        : undefined,
    choices: behind(LETTERS.slice(0, texts.length)),
    answer: placeOf(answer, LETTERS.slice(0, texts.length)),
  };
}

function readMmlu(text: string, source: string): TaskItem[] {
  let rows: string[][];
  try {
    rows = parse(text, { skip_empty_lines: true, relax_column_count: true, bom: true });
  } catch (cause) {
    throw new ParamscopeError(
      `${source} holds neither JSON objects, one a line, nor a table of questions.`,
      "Name a file of questions: BoolQ, PIQA, HellaSwag, ARC or MMLU, or objects with prompt, choices and answer.",
      { cause },
    );
  }
  return rows.map(([question, ...rest], i) => {
    const fail: Fail = (what) =>
      new ParamscopeError(`${source}, line ${i + 1}: ${what}.`, "Mend the line, or take it out.");
    if (rest.length < 3) throw fail("it has no question, answers and the letter of the right one");
    return checked(ofMmlu(question, rest.slice(0, -1), rest.at(-1)?.trim()), fail);
  });
}

/** Choices with a space in front. */
function behind(choices: unknown): unknown {
  return Array.isArray(choices)
    ? (choices as unknown[]).map((choice) =>
        typeof choice === "string" && !/^\s/.test(choice) ? ` ${choice}` : choice,
      )
    : choices;
}

/** The place of the right choice, which may be said by its number or its text. */
function placeOf(answer: unknown, choices: unknown): unknown {
  if (typeof answer !== "string" || !Array.isArray(choices)) return answer;
  const place = choices.indexOf(answer);
  return place < 0 ? answer : place;
}

function choicesOfArc(choices: unknown): { readonly texts: unknown; readonly labels: unknown } {
  if (Array.isArray(choices)) {
    const all = choices.filter(isObject);
    return { texts: all.map(({ text }) => text), labels: all.map(({ label }) => label) };
  }
  return isObject(choices) ? { texts: choices.text, labels: choices.label } : { texts: undefined, labels: undefined };
}

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** HellaSwag's texts from WikiHow have marks in brackets. */
function plain(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  return text
    .trim()
    .replaceAll(" [title]", ". ")
    .replace(/\[.*?\]/g, "")
    .replaceAll("  ", " ");
}

/** As Python's `capitalize` has it: the first letter large, all others small. */
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();

/** A text of texts; undefined where one is none. */
function joined(parts: TemplateStringsArray, ...values: readonly unknown[]): string | undefined {
  if (!values.every((value) => typeof value === "string")) return undefined;
  return String.raw({ raw: parts }, ...values);
}

function checked({ prompt, choices, answer }: Unchecked, fail: Fail): TaskItem {
  if (typeof prompt !== "string" || prompt.trim() === "") throw fail("it has no question");
  if (!Array.isArray(choices) || choices.length < 2) throw fail("it has no two answers to choose from");
  if (choices.length > MOST_CHOICES)
    throw fail(`it has ${choices.length} answers, and a question may have ${MOST_CHOICES}`);
  const texts = choices as unknown[];
  if (!texts.every((choice): choice is string => typeof choice === "string" && choice.trim() !== ""))
    throw fail("an answer is empty, or no text");
  if (typeof answer !== "number" || !Number.isInteger(answer) || answer < 0 || answer >= texts.length)
    throw fail(
      `the right answer is ${answer === undefined ? "not said" : `${quoteValue(answer)}, which is none of them`}`,
    );
  return { prompt, choices: texts, answer };
}
