import * as z from "zod";
import { MOST_POSITIONS } from "../run/defaults";
import { count, share } from "./shared";

/** The most tokens that a text of them has: so many saliencies are kept of each. */
const MOST_TOKENS = 2 ** 16;

const base64 = z
  .string()
  .max(2 ** 22)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** How many bytes a text in base64 stands for; undefined: it is none. */
function bytesIn(text: string): number | undefined {
  return text.length % 4 === 0 ? (text.length / 4) * 3 - (/=*$/.exec(text)?.[0].length ?? 0) : undefined;
}

/** A text read token by token: what each of its beginnings activates, what it makes likely, and what that draws from. */
export const positions = z
  .looseObject({
    /** The sample, by its place in the document. */
    sample: count,
    /** The token that the first of the beginnings ends with. */
    first: count.max(MOST_TOKENS),
    /** What of each beginning is explained. */
    target: z.string(),
    /** Per layer the names of its matrices; of experts' those of the first expert stand for those of all. */
    matrices: z.array(z.array(z.string())),
    /** Per beginning the sum of the activations of each matrix, layer after layer: float32, little endian, in base64. */
    sums: base64,
    /** Per beginning the saliency of each of its tokens, in 127ths of its strongest: a signed byte each, in base64. */
    saliency: base64,
    /** The beginnings, each one token longer than the one before. */
    at: z
      .array(
        z.looseObject({
          /** −log p of the token that follows in the text, in nats; null: none does. */
          loss: z.number().min(0).nullable(),
          /** The size of its strongest saliency. */
          strongest: z.number().min(0),
          next: z.array(z.looseObject({ id: count, text: z.string(), probability: share })).max(16),
        }),
      )
      .min(1)
      .max(MOST_POSITIONS),
  })
  .refine(
    ({ matrices, sums, at }) => bytesIn(sums) === 4 * at.length * matrices.reduce((all, { length }) => all + length, 0),
    { path: ["sums"], message: "Invalid input: expected a number for each matrix of each position" },
  )
  .refine(({ first, saliency, at }) => bytesIn(saliency) === at.reduce((all, _, i) => all + first + i + 1, 0), {
    path: ["saliency"],
    message: "Invalid input: expected a byte for each token of each position",
  });

export type PositionsDescription = z.infer<typeof positions>;
