import * as z from "zod";
import { count, share } from "./shared";

/** How many questions two models answer rightly, those that one alone does, and McNemar's test of them (exact, two-sided). */
const answers = z.looseObject({ dense: count, changed: count, gained: count, lost: count, p: share });

/** How a changed model answers questions with choices, beside the dense one. */
export const answeredTasks = z.looseObject({
  /** The file, or how the user knows the questions. */
  source: z.string(),
  /** `ARC`, `MMLU`, … */
  kind: z.string(),
  questions: count.min(1),
  /** By the likeliest choice, and by the likeliest for its bytes. */
  accuracy: answers,
  perByte: answers,
});

export type AnsweredTasksDescription = z.infer<typeof answeredTasks>;
