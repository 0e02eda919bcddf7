/** How many of the likeliest next tokens are told. */
const TOP = 5;

export interface NextToken {
  readonly id: number;
  readonly logit: number;
  readonly probability: number;
}

/** Log of the sum of exponentials of values that come in chunks. */
export class LogSumExp {
  readonly #largest: Float64Array;
  readonly #sum: Float64Array;

  constructor(rows: number) {
    this.#largest = new Float64Array(rows).fill(-Infinity);
    this.#sum = new Float64Array(rows);
  }

  /** Chunk values of consecutive rows: their largest, and Σ exp(value − largest). */
  add(first: number, largest: ArrayLike<number>, sum: ArrayLike<number>): void {
    for (let i = 0; i < largest.length; i++) {
      const row = first + i;
      const most = Math.max(this.#largest[row], largest[i]);
      this.#sum[row] = this.#sum[row] * Math.exp(this.#largest[row] - most) + sum[i] * Math.exp(largest[i] - most);
      this.#largest[row] = most;
    }
  }

  value(row: number): number {
    return this.#largest[row] + Math.log(this.#sum[row]);
  }

  values(): Float32Array {
    return Float32Array.from(this.#sum, (_, row) => this.value(row));
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
      const top = this.#top[first + row];
      let least = leastOf(top);
      for (let i = 0, at = row * count; i < count; i++, at++) {
        const logit = logits[at];
        if (logit <= least) continue;
        top.push({ id: from + i, logit });
        // the first of equal ones stays in front, as in an argmax
        top.sort((a, b) => b.logit - a.logit);
        top.length = Math.min(top.length, TOP);
        least = leastOf(top);
      }
    }
  }

  /** @param logSumExp over all of the vocabulary. */
  next(row: number, logSumExp: number): NextToken[] {
    return this.#top[row].map(({ id, logit }) => ({ id, logit, probability: Math.exp(logit - logSumExp) }));
  }
}

/** What a logit must exceed to be among them. */
function leastOf(top: readonly { logit: number }[]): number {
  return top.length < TOP ? -Infinity : top[TOP - 1].logit;
}
