import type { AnsweredTasksDescription } from "../engine/document/document";
import { wilsonInterval } from "../engine/numbers/intervals";
import { plural } from "../engine/numbers/plural";
import { LEVEL } from "../engine/tasks/mcnemar";
import { formatCount, formatShare } from "./numbers";

/* How a changed model answers questions, in words and figures. */

type Answers = AnsweredTasksDescription["accuracy"];

/** `3 of 5 (60 %, 23 % to 88 %)`: those that are right, with the interval of 95 % of others like them. */
export function rightInWords(right: number, questions: number): string {
  const [low, high] = wilsonInterval(right, questions);
  return `${formatCount(right)} of ${formatCount(questions)} (${formatShare(right / questions)}, ${formatShare(low)} to ${formatShare(high)})`;
}

/** How many questions both models answer rightly, and whether one is better. @param changed `pruned` */
export function taskSentences(tasks: AnsweredTasksDescription, changed: string): string[] {
  const { source, kind, questions, available, accuracy, perByte } = tasks;
  const what = kind === "prompts" ? "questions" : `questions of ${kind}`;
  return [
    `Of the ${what} in ${source}${available === undefined ? "" : askedInWords(questions, available)} the dense model answers ${rightInWords(accuracy.dense, questions)}, the ${changed} one ${rightInWords(accuracy.changed, questions)}. ${verdict(accuracy, changed)}`,
    `By the likelihood of each byte of an answer: dense ${rightInWords(perByte.dense, questions)}, ${changed} ${rightInWords(perByte.changed, questions)}. ${verdict(perByte, changed)}`,
  ];
}

/** How many were asked where it was to stop when it is decided. */
function askedInWords(questions: number, available: number): string {
  if (questions === available) return `, all ${formatCount(available)} of which were asked,`;
  return `, of which ${formatCount(questions)} of ${formatCount(available)} were asked, in random order until one model was certainly better,`;
}

function verdict({ gained, lost, p }: Answers, changed: string): string {
  if (gained + lost === 0) return "Both answer the same ones rightly.";
  const alone = `The ${changed} one alone is right in ${formatCount(gained)} ${plural(gained, "question", "questions")}, the dense one alone in ${formatCount(lost)}`;
  if (p >= LEVEL) return `${alone}, which may be chance.`;
  return `${alone}: it is ${gained > lost ? "better" : "worse"} at them, and not by chance.`;
}
