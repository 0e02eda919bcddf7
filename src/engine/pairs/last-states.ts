import { elementAt } from "../numbers/elements";
import type { ObservedBlock } from "../sweep/sweep";
import type { Sample } from "../text/sample";
import type { Pair } from "./group-pairs";

/**
 * The hidden state of every text's last token in front of one block, as a sweep comes through. It costs no pass of its own: the
 * sweep has kept what enters a block, to go backward through it.
 */
export class LastStates {
  readonly #samples: readonly Sample[];
  readonly #textOf: readonly number[];
  readonly #states: Float32Array[] = [];

  /** @param textOf the text that each of the sweep's samples is; a text may be several. */
  constructor(samples: readonly Sample[], textOf: readonly number[]) {
    this.#samples = samples;
    this.#textOf = textOf;
  }

  /** Takes a batch's; an answer behind a text is not the text's. */
  readonly observe = async ({ batch, hidden }: ObservedBlock): Promise<void> => {
    const states = await hidden();
    const hiddenSize = states.length / (batch.samples.length * batch.tokens);
    for (const [i, sample] of batch.samples.entries()) {
      const { ids, answer = 0 } = elementAt(this.#samples, sample);
      const from = (i * batch.tokens + ids.length - answer - 1) * hiddenSize;
      this.#states[elementAt(this.#textOf, sample)] = states.slice(from, from + hiddenSize);
    }
  };

  /** The likeness of the texts of each pair in front of the block that was observed last. */
  cosines(pairs: readonly Pair[]): number[] {
    return centredCosines(this.#states, pairs);
  }
}

/** A vector that lies nearer to the mean than this share of its own length is the mean, up to float32's rounding. */
const ROUNDING = 1e-6;

/** The cosine of the vectors of each pair, less the mean of all vectors; 0 where one of the two is the mean. */
export function centredCosines(vectors: readonly Float32Array[], pairs: readonly Pair[]): number[] {
  const size = vectors[0]?.length ?? 0;
  const origin = new Float64Array(size);
  const middle = new Float64Array(size);
  for (const vector of vectors) for (let i = 0; i < size; i++) middle[i]! += vector[i]! / vectors.length;
  const lengths = vectors.map((vector) => {
    const length = Math.sqrt(productFrom(middle, vector, vector));
    return length > ROUNDING * Math.sqrt(productFrom(origin, vector, vector)) ? length : 0;
  });
  return pairs.map(([a, b]) => {
    const both = elementAt(lengths, a) * elementAt(lengths, b);
    // as exact as the states are: what is finer is rounding, and would put equal pairs in an order
    return both === 0 ? 0 : Math.fround(productFrom(middle, elementAt(vectors, a), elementAt(vectors, b)) / both);
  });
}

/** The product of two vectors as they are seen from a point. */
function productFrom(point: Float64Array, a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < point.length; i++) sum += (a[i]! - point[i]!) * (b[i]! - point[i]!);
  return sum;
}
