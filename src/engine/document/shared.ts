import * as z from "zod";

/*
 * Parts that several documents share. Every object is loose: fields that this version does not know are kept, so that a
 * file written by a newer version survives being opened and saved by an older one. docs/documents.md describes each field.
 */

const count = z.int().min(0);
/** Tables and pages have a place for each: no model has more, and a number that somebody wrote into a file takes no memory. */
const MOST_LAYERS = 10_000;
const share = z.number().min(0).max(1);

/** A list that no run leaves empty: pages and tables speak of its first. */
export const someOf = <Element extends z.ZodType>(element: Element) => z.array(element).min(1);

export const range = z.tuple([count, count]);

export const model = z.looseObject({
  name: z.string(),
  architecture: z.string(),
  layers: count.max(MOST_LAYERS),
  parameters: count,
  scored: count,
  path: z.string(),
  hash: z.string(),
});

export const run = z.looseObject({
  runtime: z.string(),
  version: z.string(),
  seconds: z.number().min(0),
  windowsSkipped: count,
  threads: count.optional(),
  window: count.optional(),
  maxSamples: count.optional(),
  chat: z.boolean().optional(),
  notes: z.array(z.string()).default([]),
  runtimeNotes: z.array(z.string()).optional(),
  /* What another would need to come to the same; files of earlier versions have none of it. */
  /** When it was done, ISO 8601. */
  date: z.string().optional(),
  /** Versions of what computed: of the runtime, and of Node. */
  runtimeVersion: z.string().optional(),
  node: z.string().optional(),
  /** As it was typed in a terminal. */
  command: z.string().optional(),
});

export const vocabularyToken = z.looseObject({ id: count, text: z.string() });

/** A token that is among the likeliest of one of two, with its probability in both; null: not even among those that are kept. */
export const comparedToken = vocabularyToken.extend({ a: share.nullable(), b: share.nullable() });

export const sampleToken = z.looseObject({
  id: count,
  text: z.string(),
  start: z.int().min(-1),
  end: z.int().min(-1),
  saliency: z.number().nullable(),
});

export const sample = z.looseObject({
  source: z.string(),
  text: z.string(),
  offset: z.int(),
  targetToken: vocabularyToken.nullable(),
  targetValue: z.number(),
  targetProbability: share.nullable(),
  nextTokens: z.array(z.looseObject({ id: count, text: z.string(), probability: share })).default([]),
  tokens: someOf(sampleToken),
  /** What the target `answer` asks for: the last `tokens` of the tokens, which are not in `text`. */
  answer: z.looseObject({ text: z.string(), tokens: count }).optional(),
  /** SHA-256 of `text` as UTF-8, hexadecimal; not in files of earlier versions. */
  hash: z.string().optional(),
});

const thresholdFields = { mode: z.enum(["share", "absolute"]), share, tau: z.number().min(0) };

export const threshold = z.looseObject({ ...thresholdFields, run: z.looseObject(thresholdFields).optional() });

/** The measures of every set of scored parameters: a layer, a matrix, a part of a fused matrix. */
export const measures = {
  parameters: count,
  active: count,
  density: share,
  sum: z.number().min(0),
  l2: z.number().min(0),
  max: z.number().min(0),
};

/**
 * A schema of many numbers. One for each took four fifths of the time in which a large document is read, in which an editor waits.
 * @param isOne what each must be, and how that is said.
 */
function manyNumbers(isOne: (value: number) => boolean, what: string) {
  return z
    .custom<number[]>(Array.isArray, { error: "Invalid input: expected array" })
    .superRefine((values, context) => {
      for (let at = 0; at < values.length; at++) {
        const value = values[at];
        if (typeof value !== "number" || !isOne(value))
          return context.addIssue({ code: "custom", path: [at], message: `Invalid input: expected ${what}` });
      }
    });
}

export const counts = manyNumbers((value) => Number.isInteger(value) && value >= 0, "a count");
export const amounts = manyNumbers((value) => value >= 0 && value < Infinity, "a number that is not negative");

export const histogram = z.looseObject({ binsPerOctave: count, firstBin: count, counts });

export { count, share };

export type ModelDescription = z.infer<typeof model>;
export type RunDescription = z.infer<typeof run>;
export type SampleDescription = z.infer<typeof sample>;
export type ComparedToken = z.infer<typeof comparedToken>;
export type SampleToken = z.infer<typeof sampleToken>;
export type ThresholdDescription = z.infer<typeof threshold>;
export type Histogram = z.infer<typeof histogram>;
