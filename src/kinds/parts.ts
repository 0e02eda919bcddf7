import * as z from "zod";

import { sample } from "../engine/document/shared";

/* What several kinds are asked for with, as it is written to the storage while it runs. Loaded when something written is read: building schemas would be most of the time in which the extension is activated. */

const notes = z.array(z.string()).readonly();

/** A text as the editor has it, saved or not. */
export const text = z.object({ source: z.string(), text: z.string() });

const texts = z.array(text).readonly();

/** Where a text stands in the editor. */
export const origin = z.object({
  source: z.string(),
  /** The document's, as a string. */
  uri: z.string(),
  /** UTF-16 offset of the text in the document. */
  offset: z.number(),
});

const origins = z.array(origin).readonly();

const threshold = z.union([
  z.object({ mode: z.literal("share"), share: z.number() }),
  z.object({ mode: z.literal("absolute"), tau: z.number() }),
]);

/** The model of a result, by what its document says of it. */
export const model = z.object({
  name: z.string(),
  path: z.string(),
  /** What tells it from others that may be at that path now; earlier versions left it out: it is of none. */
  hash: z.string().default(""),
});

/** What is run as one set. */
export const textSet = z.object({
  texts,
  /** What was left out when the texts were read; they come first in the document's notes. */
  notes,
  /** Whether only the first window of each text is taken, as prunings from the command line are calibrated. */
  firstWindows: z.boolean().optional(),
  /** Samples of an earlier document, taken id for id as they are, in the place of `texts`. */
  samples: z.array(sample).readonly().optional(),
});

/** What is analysed or compared, as it was when the user asked for it. */
export const subject = textSet.extend({
  /** In the user's words: `story.txt`, `story.txt:3–5`, `3 files`. */
  title: z.string(),
  origins,
  /** What samples were made with: ids mean nothing to another model. */
  model: model.optional(),
});

/** What the user asked for, whatever the kind: all that another try needs. */
export const asked = z.object({
  /** What takes the tab of whatever was asked for at the same place before: another token of a text that is explained. */
  place: z.string().optional(),
  /** In the user's words: `story.txt`, `a.txt and b.txt`. */
  title: z.string(),
  origins,
  /** In the place of the settings. */
  options: z
    .object({
      target: z.string(),
      threshold,
      window: z.number(),
      chat: z.boolean(),
      typicalText: z.enum(["automatic", "always", "never"]).optional(),
    })
    .optional(),
  /** That of an earlier result, in the place of the chosen one. */
  model: model.optional(),
});

/** A prompt; of an earlier result with its tokens, taken id for id in the place of its text. */
export const prompt = text.extend({
  tokens: z
    .array(z.object({ id: z.number(), text: z.string(), start: z.number(), end: z.number() }))
    .readonly()
    .optional(),
});

/** A folder of texts, under its name. */
export const domain = z.object({ name: z.string(), texts });

/** What was left out before. */
export { notes };

/** What kinds build the rest of: one by one, since all of zod in the extension's bundle would double it. */
export const build = {
  array: z.array,
  boolean: z.boolean,
  enum: z.enum,
  literal: z.literal,
  number: z.number,
  object: z.object,
  string: z.string,
  tuple: z.tuple,
  union: z.union,
} as const;
