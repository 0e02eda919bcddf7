import { elementAt } from "../numbers/elements";

/** How many of the likeliest next tokens are told. */
export const TOLD = 5;
/** How many are kept: a text's likeliest are mostly among as many of a text that it is compared with. */
const KEPT = 64;

/** A token that may come next. */
export interface NextToken {
  readonly id: number;
  readonly probability: number;
}

/** Log of the sum of exponentials of values that come in chunks. */
export class LogSumExp {
  /** Per row the largest value, and Σ exp(value − largest). */
  readonly #rows: { largest: number; sum: number }[];

  constructor(rows: number) {
    this.#rows = Array.from({ length: rows }, () => ({ largest: -Infinity, sum: 0 }));
  }

  /** Chunk values of consecutive rows: their largest, and Σ exp(value − largest). */
  add(first: number, largest: ArrayLike<number>, sum: ArrayLike<number>): void {
    for (let i = 0; i < largest.length; i++) {
      const row = elementAt(this.#rows, first + i);
      const ofChunk = largest[i]!;
      const most = Math.max(row.largest, ofChunk);
      row.sum = row.sum * Math.exp(row.largest - most) + sum[i]! * Math.exp(ofChunk - most);
      row.largest = most;
    }
  }

  value(row: number): number {
    const { largest, sum } = elementAt(this.#rows, row);
    return largest + Math.log(sum);
  }

  values(): Float32Array {
    return Float32Array.from(this.#rows.keys(), (row) => this.value(row));
  }
}

/** The largest logits of rows whose logits come in chunks of the vocabulary. */
export class TopLogits {
  readonly #top: { id: number; logit: number }[][];

  constructor(rows: number) {
    this.#top = Array.from({ length: rows }, () => []);
  }

  /** `logits` of consecutive rows, `[rows, count]`, of the vocabulary from `from` on. */
  add(first: number, logits: Float32Array, from: number, count: number): void {
    for (let row = 0; row * count < logits.length; row++) {
      const top = elementAt(this.#top, first + row);
      let least = leastOf(top);
      const start = row * count;
      for (let i = 0; i < count; i++) {
        const logit = logits[start + i]!;
        if (logit <= least) continue;
        top.push({ id: from + i, logit });
        // the first of equal ones stays in front, as in an argmax
        top.sort((a, b) => b.logit - a.logit);
        top.length = Math.min(top.length, KEPT);
        least = leastOf(top);
      }
    }
  }

  /**
   * The likeliest next tokens of a row, the likeliest first: more than are told.
   * @param logSumExp over all of the vocabulary.
   */
  likely(row: number, logSumExp: number): NextToken[] {
    return elementAt(this.#top, row).map(({ id, logit }) => ({ id, probability: Math.exp(logit - logSumExp) }));
  }
}

/** What a logit must exceed to be among them. */
function leastOf(top: readonly { logit: number }[]): number {
  return top[KEPT - 1]?.logit ?? -Infinity;
}
