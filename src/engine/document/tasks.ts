import * as z from "zod";
import { count, share } from "./shared";

/**
 * How many questions two models answer rightly, those that one alone does, and McNemar's test of them: exact and two-sided, or, where asking stops when
 * it is decided, one that holds at whatever time one looks.
 */
const answers = z.looseObject({ dense: count, changed: count, gained: count, lost: count, p: share });

/** How a changed model answers questions with choices, beside the dense one. */
export const answeredTasks = z.looseObject({
  /** The file, or how the user knows the questions. */
  source: z.string(),
  /** `ARC`, `MMLU`, … */
  kind: z.string(),
  /** How many were asked. */
  questions: count.min(1),
  /** Where they were asked in random order until one model was certainly the better: how many there were. */
  available: count.min(1).optional(),
  /** By the likeliest choice, and by the likeliest for its bytes. */
  accuracy: answers,
  perByte: answers,
});

export type AnsweredTasksDescription = z.infer<typeof answeredTasks>;
