import * as z from "zod";

import { sample } from "../engine/document/shared";

/* Loaded when a panel is restored: building schemas would be most of the time in which the extension is activated. */

const threshold = z.union([
  z.object({ mode: z.literal("share"), share: z.number() }),
  z.object({ mode: z.literal("absolute"), tau: z.number() }),
]);

const subject = z.object({
  title: z.string(),
  texts: z.array(z.object({ source: z.string(), text: z.string() })),
  notes: z.array(z.string()),
  origins: z.array(z.object({ source: z.string(), uri: z.string(), offset: z.number() })),
  samples: z.array(sample).optional(),
});

const schema = z.object({
  subject,
  /** What it is compared with. */
  against: subject.optional(),
  options: z.object({ target: z.string(), threshold, window: z.number(), chat: z.boolean() }).optional(),
  modelPath: z.string().optional(),
  modelName: z.string(),
});

/** What a panel was running, with all that is needed to run it again. */
export type UnfinishedRun = z.infer<typeof schema>;

/** @throws when the text is no such run. */
export function parseUnfinishedRun(json: string): UnfinishedRun {
  return schema.parse(JSON.parse(json));
}
