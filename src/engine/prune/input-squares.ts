import type { Graph } from "../graph/graph";
import { tensor, type Tensor, type Tensors } from "../runtime/runtime";
import type { SizedBlock } from "../sweep/block-graphs";
import type { BlockBatch, BlockRunner } from "../sweep/block-runner";
import { inputsOf, type Inputs, type InputStatistics } from "./input-statistics";
import { PIECE, roomFor } from "./matrix-kernels";

/**
 * The squares of each input of a matrix, `Σ x_j²`. They are summed in float64: a sum that is off in its last digits takes other
 * weights, and later layers see others.
 */
export class InputSquares implements InputStatistics {
  readonly #inputs: Inputs;
  readonly #graph: Graph;
  readonly #sums = new Map<string, Float64Array>();
  /** A part's inputs, `[samples, tokens, size]`: the same arrays for every part of the same size. */
  readonly #rows = new Map<string, Float32Array>();

  constructor(block: SizedBlock) {
    this.#inputs = inputsOf(block);
    const { b, nodes } = this.#inputs;
    this.#graph = b.graph(new Map([...nodes].map(([name, { node }]) => [name, node])));
    for (const [name, { size }] of nodes) this.#sums.set(name, new Float64Array(size));
  }

  clear(): void {
    for (const sums of this.#sums.values()) sums.fill(0);
  }

  async add(blocks: BlockRunner, hidden: Float32Array, batch: BlockBatch): Promise<void> {
    let added: readonly Int32Array[] = [];
    await blocks.observe(
      "input squares",
      () => this.#graph,
      hidden,
      batch,
      (part) => {
        added = part.texts;
        return { inputs: {}, outputs: this.#outputs(part) };
      },
      () => {
        for (const [name, sums] of this.#sums) {
          const rows = this.#rows.get(name) ?? new Float32Array();
          for (const [sample, { length }] of added.entries()) {
            const start = sample * batch.tokens * sums.length;
            addSquares(sums, rows.subarray(start, start + length * sums.length));
          }
        }
      },
    );
  }

  #outputs({ samples, tokens }: BlockBatch): Tensors {
    const outputs: Record<string, Tensor> = {};
    for (const [name, { size }] of this.#inputs.nodes) {
      const length = samples * tokens * size;
      const known = this.#rows.get(name);
      const rows = known?.length === length ? known : new Float32Array(length);
      this.#rows.set(name, rows);
      outputs[name] = tensor(rows, samples, tokens, size);
    }
    return outputs;
  }

  /** The sums of a matrix's inputs, `[in]`. */
  of(module: string): Float64Array {
    const input = this.#inputs.inputOf.get(module) ?? module;
    const identity = this.#inputs.identities.get(input);
    if (identity !== undefined) return new Float64Array(identity).fill(1);
    const sums = this.#sums.get(input);
    if (sums === undefined) throw new Error(`${module} has no input`);
    return sums;
  }
}

/** Adds the squares of rows to the sums of their columns. */
function addSquares(sums: Float64Array, rows: Float32Array): void {
  const { length } = sums;
  const size = length * Math.max(1, Math.floor(PIECE / length));
  const room = roomFor(size, 2 * length);
  const added = new Float64Array(room.others.buffer, room.at.others, length);
  added.set(sums);
  for (let at = 0; at < rows.length; at += size) {
    const piece = rows.subarray(at, at + size);
    room.values.set(piece);
    room.kernels.addSquares(room.at.values, piece.length / length, length, room.at.others);
  }
  sums.set(added);
}
