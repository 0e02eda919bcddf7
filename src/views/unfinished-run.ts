import * as z from "zod";

import { sample } from "../engine/document/shared";
import { origin, text } from "./stored-texts";

/* Loaded when a panel is restored: building schemas would be most of the time in which the extension is activated. */

const threshold = z.union([
  z.object({ mode: z.literal("share"), share: z.number() }),
  z.object({ mode: z.literal("absolute"), tau: z.number() }),
]);

const notes = z.array(z.string());
const origins = z.array(origin);

const subject = z.object({
  title: z.string(),
  texts: z.array(text),
  notes,
  origins,
  samples: z.array(sample).optional(),
});

const asked = z.object({
  title: z.string(),
  origins,
  options: z.object({ target: z.string(), threshold, window: z.number(), chat: z.boolean() }).optional(),
  // Earlier versions left out what tells the model from others: it is of none.
  model: z.object({ name: z.string(), path: z.string(), hash: z.string().default("") }).optional(),
});

const pair = z.object({ a: z.string(), b: z.string(), score: z.number() });

const prompt = text.extend({
  tokens: z.array(z.object({ id: z.number(), text: z.string(), start: z.number(), end: z.number() })).optional(),
});

const modelName = z.string();

const schema = z.discriminatedUnion("format", [
  z.object({ format: z.literal("paramscope.analysis"), asked: asked.extend(subject.shape), modelName }),
  z.object({ format: z.literal("paramscope.frequency"), asked: asked.extend(subject.shape), modelName }),
  z.object({ format: z.literal("paramscope.comparison"), asked: asked.extend({ a: subject, b: subject }), modelName }),
  z.object({
    format: z.literal("paramscope.pairs"),
    asked: asked.extend({ pairs: z.array(pair), source: z.string(), template: z.string().optional(), notes }),
    modelName,
  }),
  z.object({
    format: z.literal("paramscope.domains"),
    asked: asked.extend({ domains: z.array(z.object({ name: z.string(), texts: z.array(text) })), notes }),
    modelName,
  }),
  z.object({
    format: z.literal("paramscope.patching"),
    asked: asked.extend({
      a: prompt,
      b: prompt,
      site: z.enum(["residual", "attention", "mlp"]),
      answers: z.tuple([z.string(), z.string()]).optional(),
    }),
    modelName,
  }),
]);

/** What a panel was running, with all that is needed to run it again. */
export type UnfinishedRun = z.infer<typeof schema>;

/** @throws when the text is no such run. */
export function parseUnfinishedRun(json: string): UnfinishedRun {
  return schema.parse(JSON.parse(json));
}
