import { tensor, type FloatTensor } from "../runtime/runtime";
import { queriesIn, type BlockBatch } from "./block-batch";

/** The rows of a batch that are routed to one expert, a list for each sample; row `t` of sample `s` has the number `s · rows + t`. */
export type ExpertRows = readonly (readonly number[])[];

/** A batch where a block routes its tokens: what enters the experts, who gets which token, and what comes back. */
export class RoutedBatch {
  readonly samples: number;
  /** Positions of a sample whose output is asked for. */
  readonly rows: number;
  /** What enters the experts, `[samples, rows, hidden]`. */
  readonly x: FloatTensor;
  /** 1 for the experts that a row is routed to, `[samples, rows, experts]`. */
  readonly chosen: FloatTensor;
  /** What their outputs are multiplied by, of the same shape. */
  readonly weights: FloatTensor;
  readonly #batch: BlockBatch;
  readonly #experts: number;
  readonly #hiddenSize: number;

  constructor(batch: BlockBatch, { experts, hiddenSize }: { readonly experts: number; readonly hiddenSize: number }) {
    const [samples, rows] = [batch.samples, queriesIn(batch)];
    const made = (size: number): FloatTensor => tensor(new Float32Array(samples * rows * size), samples, rows, size);
    this.samples = samples;
    this.rows = rows;
    this.x = made(hiddenSize);
    this.chosen = made(experts);
    this.weights = made(experts);
    this.#batch = batch;
    this.#experts = experts;
    this.#hiddenSize = hiddenSize;
  }

  /** Zeros for every row, `[samples, rows, hidden]`. */
  zeros(): FloatTensor {
    const size = this.#hiddenSize;
    return tensor(new Float32Array(this.samples * this.rows * size), this.samples, this.rows, size);
  }

  /** The rows that are routed to an expert. What is padding is routed nowhere: nobody asks for it. */
  rowsOf(expert: number): ExpertRows {
    return Array.from({ length: this.samples }, (_, sample) => {
      const first = sample * this.rows;
      const own: number[] = [];
      for (let row = first; row < first + this.tokensOf(sample); row++)
        if (this.chosen.data[row * this.#experts + expert]! > 0) own.push(row);
      return own;
    });
  }

  /** What enters an expert of rows that are routed to it, `[rows, hidden]`. */
  inputsOf(rows: readonly number[]): Float32Array {
    const size = this.#hiddenSize;
    const inputs = new Float32Array(rows.length * size);
    rows.forEach((row, i) => {
      inputs.set(this.x.data.subarray(row * size, (row + 1) * size), i * size);
    });
    return inputs;
  }

  /** Whether any row is routed to an expert. */
  reaches(expert: number): boolean {
    return this.rowsOf(expert).some(({ length }) => length > 0);
  }

  /** What an expert's output of a row is multiplied by. */
  weightOf(row: number, expert: number): number {
    return this.weights.data[row * this.#experts + expert]!;
  }

  /** Per expert how many of a sample's tokens are routed to it. */
  countsOf(sample: number): Uint32Array {
    const counts = new Uint32Array(this.#experts);
    const first = sample * this.rows;
    for (let row = first; row < first + this.tokensOf(sample); row++)
      for (let expert = 0; expert < this.#experts; expert++)
        if (this.chosen.data[row * this.#experts + expert]! > 0) counts[expert]!++;
    return counts;
  }

  /** Rows of a sample that are no padding. */
  tokensOf(sample: number): number {
    return this.#batch.positions === undefined ? Math.min(this.rows, this.#batch.texts[sample]!.length) : this.rows;
  }
}
