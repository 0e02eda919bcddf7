import { topological, type Graph, type Node } from "../graph/graph";
import type { Architecture } from "../model/architectures/architecture";
import { BlockBuilder } from "../model/architectures/block-builder";
import type { Model } from "../model/model";
import { tensor, type Tensor, type Tensors } from "../runtime/runtime";
import type { Batch } from "../sweep/batch";
import type { BlockRunner } from "../sweep/block-runner";
import { PIECE, roomFor } from "./matrix-kernels";

/**
 * What is summed over the tokens that enter a matrix: the squares of each of its inputs, `Σ x_j²` `[in]`, or their products with
 * each other, `Σ x xᵀ` `[in, in]`.
 */
export type InputStatistic = "squares" | "products";

const REAL = "real";

interface StatisticsGraph {
  readonly graph: Graph;
  /** Matrices with the same input share its statistic: the output's name, by module. */
  readonly outputOf: ReadonlyMap<string, string>;
}

/** From hidden states in front of a block to the statistics of its matrices' inputs; the last products are not formed. */
function statisticsGraph({ hiddenSize, block }: Architecture, statistic: InputStatistic): StatisticsGraph {
  const b = new BlockBuilder(hiddenSize, false);
  const linears = topological([block(b)]).filter((node): node is Node<"linear"> => node.op === "linear");
  // what is padding has no part
  const real = b.input(REAL, ["batch", "tokens", 1]);
  const outputs = new Map<string, Node>();
  const outputOf = new Map<string, string>();
  const known = new Map<number, string>();
  for (const { inputs, attributes } of linears) {
    const [x] = inputs;
    const name = known.get(x.id) ?? attributes.name;
    outputOf.set(attributes.name, name);
    if (known.has(x.id)) continue;
    known.set(x.id, name);
    const rows = b.reshape(b.multiply(x, real), ["positions", x.shape[2]]);
    outputs.set(
      name,
      // squares are summed in float64: a sum that is off in its last digits takes other weights, and later layers see others
      statistic === "squares" ? rows : b.matmul(rows, rows, { transposeA: true }),
    );
  }
  return { graph: b.graph(outputs), outputOf };
}

/** Statistics of the inputs of a block's matrices over all tokens of the calibration samples, padding left out. */
export class InputStatistics {
  readonly #graph: StatisticsGraph;
  readonly #sums = new Map<string, Float64Array | Float32Array>();
  readonly #parts: Partial<Record<string, Tensor>> = {};

  constructor(
    { definition, modules }: Model,
    private readonly statistic: InputStatistic,
  ) {
    this.#graph = statisticsGraph(definition, statistic);
    for (const [name, { shape }] of this.#graph.graph.outputs) {
      const size = Number(shape[1]);
      this.#sums.set(name, statistic === "squares" ? new Float64Array(size) : new Float32Array(size * size));
    }
    for (const { name } of modules) if (!this.#graph.outputOf.has(name)) throw new Error(`${name} has no input`);
  }

  /** Forgets the last block's. */
  clear(): void {
    for (const sums of this.#sums.values()) sums.fill(0);
  }

  /**
   * Adds a batch that enters the block whose weights are loaded.
   * @param lengths ids of each of the run's samples: what is behind them is padding.
   */
  async add(blocks: BlockRunner, hidden: Float32Array, batch: Batch, lengths: readonly number[]): Promise<void> {
    const shape = { samples: batch.samples.length, tokens: batch.tokens, positions: undefined };
    await blocks.observe(
      `input ${this.statistic}`,
      this.#graph.graph,
      hidden,
      shape,
      (part, from) => {
        const real = new Float32Array(part.samples * part.tokens);
        for (let i = 0; i < part.samples; i++)
          real.fill(1, i * part.tokens, i * part.tokens + lengths[batch.samples[from + i]]);
        return {
          inputs: { [REAL]: tensor(real, part.samples, part.tokens, 1) },
          outputs: this.#outputs(part.samples * part.tokens),
        };
      },
      () => {
        for (const [name, sums] of this.#sums) {
          const { data } = this.#parts[name] as { data: Float32Array };
          if (sums instanceof Float64Array) addSquares(sums, data);
          else for (let i = 0; i < data.length; i++) sums[i] += data[i];
        }
      },
    );
  }

  /** Where a part's results go; the same arrays for every part of the same size. */
  #outputs(positions: number): Tensors {
    for (const [name, { shape }] of this.#graph.graph.outputs) {
      const size = Number(shape[1]);
      const rows = this.statistic === "squares" ? positions : size;
      if (this.#parts[name]?.shape[0] !== rows) this.#parts[name] = tensor(new Float32Array(rows * size), rows, size);
    }
    return this.#parts as Tensors;
  }

  /** The output that a matrix's input is known by: matrices with the same input have the same. */
  inputOf(module: string): string {
    return this.#graph.outputOf.get(module) ?? module;
  }

  of(module: string): Float64Array | Float32Array {
    const sums = this.#sums.get(this.inputOf(module));
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
