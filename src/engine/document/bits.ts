import * as z from "zod";
import { changedFigures, evaluatedText } from "./changed-model";
import { count, model, run, someOf } from "./shared";
import { answeredTasks } from "./tasks";

/** A tensor, and what storing it in each format would take and do. */
const tensor = z.looseObject({
  /** The matrix' name in the checkpoint, with `*` for the number of an expert. */
  name: z.string(),
  /** null: outside of the blocks. */
  layer: count.nullable(),
  module: z.string(),
  parameters: count,
  columns: count,
  /** The one that was chosen. */
  format: z.string(),
  /** Those that it could have, each with what it costs; where costs were not measured they are null. */
  options: someOf(
    z.looseObject({
      format: z.string(),
      bytes: count,
      /** What it is expected to add to the loss of a window, in nats (`sensitivity`), or to change of a prediction's spread (`activation`). */
      cost: z.number().min(0).nullable(),
      /** The squared error of what comes out, against the squares of that. */
      outputError: z.number().min(0).nullable(),
    }),
  ),
});

const way = z.enum(["sensitivity", "activation", "output-error", "uniform", "llama.cpp"]);

const size = { bytes: count, bitsPerWeight: z.number().min(0) };

/** One way of choosing at one size. */
const point = z.looseObject({
  by: way,
  /** The mixture that llama.cpp's way is of, or the one format of uniform's. */
  mixture: z.string().nullable().default(null),
  ...size,
  ...changedFigures,
});

/** One format for each matrix of a model, within a size. */
export const bitsDocument = z.looseObject({
  format: z.literal("paramscope.bits"),
  version: z.literal(1),
  model,
  run,
  /** The samples that the choice was made with. */
  calibration: z.looseObject({ sources: z.array(z.string()), samples: count, tokens: count, window: count }),
  by: way,
  mixture: z.string().nullable().default(null),
  /** The formats that the choice was among. */
  formats: someOf(z.string()),
  /** As it was asked for, what was chosen takes, and what the weights take as they are stored now. Metadata of a file comes on top. */
  size: z.looseObject({ asked: z.string(), ...size, stored: count, least: count, most: count }),
  /** Parameters that stay in float32: norms, biases, routers. */
  kept: count,
  tensors: someOf(tensor),
  evaluation: z.looseObject({ ...evaluatedText, quantized: z.looseObject(changedFigures) }).nullable(),
  /** The same windows by other ways and at other sizes. */
  curve: z.array(point),
  /** Not where none were asked. */
  tasks: answeredTasks.optional(),
  continuation: z.looseObject({ prompt: z.string(), dense: z.string(), quantized: z.string() }).nullable(),
  /** The arguments of llama-quantize that make the same file of what was written, where that was asked for. */
  recipe: z.array(z.string()).nullable().default(null),
  files: z.array(z.looseObject({ kind: z.enum(["model", "types", "imatrix"]), path: z.string(), bytes: count })),
});

export type BitsDocument = z.infer<typeof bitsDocument>;
export type BitsTensor = BitsDocument["tensors"][number];
export type BitsPoint = BitsDocument["curve"][number];
