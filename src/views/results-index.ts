import * as z from "zod";

import { runnableKinds } from "../kinds/find-kind";
import { origin } from "../kinds/parts";

/* Loaded when the history is first read: building schemas would be most of the time in which the extension is activated. */

const entrySchema = z.object({
  id: z.string().regex(/^[\w-]+$/),
  title: z.string(),
  format: z.enum(runnableKinds().map(({ format }) => format)),
  model: z.string(),
  target: z.string(),
  /** Milliseconds since 1970. */
  time: z.number(),
  origins: z.array(origin),
});

/** A result of the history; its document is in a file of its own. */
export type ResultEntry = z.infer<typeof entrySchema>;

/** @throws when the text is not the index of a history. */
export function parseIndex(json: string): ResultEntry[] {
  return z.array(entrySchema).parse(JSON.parse(json));
}
