import { stat } from "node:fs/promises";

import { Option } from "commander";
import type { AskedTasks } from "../engine/api";
import { readTasks } from "../engine/tasks/read-tasks";
import { readTextFile } from "../engine/text/read";
import { UsageError } from "./failure";
import { parseCount } from "./options";

/** `--tasks`, of every command that changes a model, and how many of them are asked. */
export function tasksOption(): Option {
  return new Option(
    "--tasks <file>",
    "let both models answer questions: BoolQ, PIQA, HellaSwag, ARC or MMLU as distributed, or a JSON object a line with prompt, choices and answer",
  );
}

export function questionsOption(): Option {
  return new Option("--questions <n>", "the most questions of it, the first (default: all)").argParser(parseCount(1));
}

export function untilDecidedOption(): Option {
  return new Option(
    "--until-decided",
    "ask them in random order, and no more of them when one model is certainly better (95 %, whenever that is)",
  );
}

/** What commands know of questions. */
export interface TaskFlags {
  readonly tasks?: string;
  readonly questions?: number;
  readonly untilDecided?: boolean;
}

/** @throws UsageError where there are no questions that could be bounded. */
export function checkQuestions({ tasks, questions, untilDecided }: TaskFlags): void {
  const bound = questions === undefined ? untilDecided && "--until-decided" : "--questions";
  if (bound && tasks === undefined)
    throw new UsageError(`There are no questions that ${bound} could bound`, "Name a file with --tasks.");
}

/**
 * The questions of a file that is named, the first of them where there are more than are wanted. PIQA has the right answers in a file beside: `train-labels.lst` of `train.jsonl`.
 * @throws ParamscopeError where it cannot be read, or holds no questions.
 */
export async function askedTasks({ tasks: path, questions, untilDecided }: TaskFlags): Promise<AskedTasks | undefined> {
  if (path === undefined) return undefined;
  const beside = path.replace(/\.jsonl$/, "-labels.lst");
  const hasLabels = beside !== path && (await stat(beside).catch(() => undefined))?.isFile() === true;
  const labels = hasLabels ? await readTextFile(beside) : undefined;
  const { format, items } = readTasks(await readTextFile(path), path, labels);
  return { source: path, format, items: items.slice(0, questions), ...(untilDecided && { untilDecided }) };
}
