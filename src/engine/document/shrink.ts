import * as z from "zod";
import { changedFigures, evaluatedText } from "./changed-model";
import { count, model, run, someOf } from "./shared";
import { answeredTasks } from "./tasks";

const way = z.enum(["activation", "magnitude", "perplexity", "last", "random"]);

/** What a model takes. */
const size = z.looseObject({
  parameters: count,
  layers: count,
  /** Of the weights in the types that they are stored in, on disk and in memory alike. */
  bytes: count,
  /** Of the keys and values that a model keeps for each token of a text that it goes on with, as float16. */
  keyValueBytes: count,
});

/** A layer of the dense model. */
const layer = z.looseObject({
  layer: count,
  /** Whether the whole layer went. */
  isGone: z.boolean(),
  /** Its neurons, heads or experts; 0 where it has none of what was taken out, or layers were. */
  units: count,
  /** The numbers of those that went, ascending. */
  gone: z.array(count),
  /** In which step the layer went, counted from 1; null: it stays, or layers were not taken out. */
  step: count.nullable(),
  /**
   * By what was measured first: of layers that of this one (Σ Ā, Σ |w|, or the rise of the loss without it), else the share of the layer's that went; null where nothing was measured.
   */
  score: z.number().nullable(),
});

/** A model that lost layers, neurons, heads or experts wholly. */
export const shrinkDocument = z.looseObject({
  format: z.literal("paramscope.shrink"),
  version: z.literal(1),
  model,
  run,
  /** What was differentiated where activations say what goes. */
  target: z.string(),
  /** The samples that the choice was made with. */
  calibration: z.looseObject({ sources: z.array(z.string()), samples: count, tokens: count, window: count }),
  structure: z.enum(["layers", "neurons", "heads", "experts"]),
  by: way,
  /** How often was measured, each time without what was gone already. */
  steps: count.min(1),
  /** Where the random choice began. */
  seed: count,
  /** How many of how many went: of layers those of the model, else of each layer that has any. */
  removed: count,
  of: count.min(1),
  /** The most of them that could: an expert that every token is sent to must stay. */
  most: count.min(1).optional(),
  layers: someOf(layer),
  /** What the configuration says otherwise. */
  configuration: z.array(z.looseObject({ key: z.string(), dense: z.unknown(), shrunk: z.unknown() })),
  size: z.looseObject({ dense: size, shrunk: size }),
  /** Tokens a second that each model reads with our own forward pass, per round; both took turns, reading so many tokens. */
  speed: z.looseObject({ tokens: count, dense: someOf(z.number().min(0)), shrunk: someOf(z.number().min(0)) }),
  evaluation: z.looseObject({ ...evaluatedText, shrunk: z.looseObject(changedFigures) }).nullable(),
  /** The same windows where as much goes by other ways. */
  compared: z.array(z.looseObject({ by: way, ...changedFigures })),
  /** The same windows where more or less goes, by the same ways. */
  curve: z.array(z.looseObject({ by: way, removed: count, parameters: count, ...changedFigures })).default([]),
  /** Not where none were asked. */
  tasks: answeredTasks.optional(),
  continuation: z.looseObject({ prompt: z.string(), dense: z.string(), shrunk: z.string() }).nullable(),
  files: z.array(z.looseObject({ kind: z.enum(["folder", "gguf"]), path: z.string(), bytes: count })),
});

export type ShrinkDocument = z.infer<typeof shrinkDocument>;
export type ShrunkSize = ShrinkDocument["size"]["dense"];
export type ShrinkMeasured = Omit<ShrinkDocument["compared"][number], "by">;
export type ShrinkPoint = ShrinkDocument["curve"][number];
