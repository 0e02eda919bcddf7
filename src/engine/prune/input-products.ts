import type { Graph, Node } from "../graph/graph";
import { zip } from "../numbers/elements";
import { tensor, type Tensor } from "../runtime/runtime";
import type { SizedBlock } from "../sweep/block-graphs";
import type { BlockBatch, BlockRunner } from "../sweep/block-runner";
import { inputsOf, type Inputs, type InputStatistics } from "./input-statistics";
import { place, type Matrix } from "./products";

const REAL = "real";
/** How many parts inputs are cut into: the products of every two are formed once, which is five eighths of a symmetric whole. */
const CUTS = 4;

/** The products of inputs from `row` on with inputs from `column` on. */
interface Part {
  readonly row: number;
  readonly column: number;
  /** The output, which is the input with this name and more. */
  readonly name: string;
  readonly before: string;
  readonly shape: readonly [number, number];
  sums: Float32Array;
  /** The array that the next sums go into. */
  next: Float32Array;
}

/** The products of a matrix's inputs with each other, `Σ x xᵀ`. */
export class InputProducts implements InputStatistics {
  readonly #inputs: Inputs;
  readonly #graph: Graph;
  readonly #parts = new Map<string, Part[]>();

  constructor(block: SizedBlock) {
    this.#inputs = inputsOf(block);
    const { b, nodes } = this.#inputs;
    // what is padding has no part
    const real = b.input(REAL, ["batch", "tokens", 1]);
    const outputs = new Map<string, Node>();
    for (const [name, { node, size }] of nodes) {
      const rows = b.reshape(b.multiply(node, real), ["positions", size]);
      const parts = cutsOf(name, size);
      const slice = (from: number, length: number): Node => b.slice(rows, 1, from, from + length);
      for (const { row, column, name: output, before, shape } of parts) {
        const products = b.matmul(slice(row, shape[0]), slice(column, shape[1]), { transposeA: true });
        outputs.set(output, b.add(b.input(before, [...shape]), products));
      }
      this.#parts.set(name, parts);
    }
    this.#graph = b.graph(outputs);
  }

  clear(): void {
    for (const { sums } of this.#all()) sums.fill(0);
  }

  async add(blocks: BlockRunner, hidden: Float32Array, batch: BlockBatch): Promise<void> {
    const tensors = (of: (part: Part) => readonly [string, Float32Array]) =>
      Object.fromEntries(
        this.#all().map((part) => {
          const [name, data] = of(part);
          return [name, tensor(data, ...part.shape)] as const;
        }),
      );
    await blocks.observe(
      "input products",
      () => this.#graph,
      hidden,
      batch,
      (part) => ({
        inputs: {
          ...tensors(({ before, sums }) => [before, sums]),
          [REAL]: realOf(part),
        },
        outputs: tensors(({ name, next }) => [name, next]),
      }),
      () => {
        for (const part of this.#all()) [part.sums, part.next] = [part.next, part.sums];
      },
    );
  }

  #all(): Part[] {
    return [...this.#parts.values()].flat();
  }

  /** The name of a matrix's input: matrices with the same input have the same. */
  inputOf(module: string): string {
    return this.#inputs.inputOf.get(module) ?? module;
  }

  /** The products of a matrix's inputs, `[in, in]`, in an array of its own. */
  of(module: string): Float32Array {
    const input = this.inputOf(module);
    const identity = this.#inputs.identities.get(input);
    if (identity !== undefined)
      return Float32Array.from({ length: identity ** 2 }, (_, i) => (i % (identity + 1) === 0 ? 1 : 0));
    const size = this.#inputs.nodes.get(input)?.size;
    if (size === undefined) throw new Error(`${module} has no input`);
    const whole: Matrix = { values: new Float32Array(size * size), width: size };
    for (const { row, column, shape, sums } of this.#parts.get(input) ?? []) {
      place({ values: sums, width: shape[1] }, whole, row, column);
      if (row !== column) place({ values: transposed(sums, ...shape), width: shape[0] }, whole, column, row);
    }
    return whole.values;
  }
}

/** The products of every two of the cuts, and of each with itself. */
function cutsOf(input: string, size: number): Part[] {
  const edges = [...new Set(Array.from({ length: CUTS + 1 }, (_, i) => Math.floor((i * size) / CUTS)))];
  const cuts = zip(edges.slice(0, -1), edges.slice(1));
  return cuts.flatMap(([row, bottom], i) =>
    cuts.slice(i).map(([column, right]) => {
      const name = `${input} ${row} ${column}`;
      const shape = [bottom - row, right - column] as const;
      const empty = (): Float32Array => new Float32Array(shape[0] * shape[1]);
      return { row, column, name, before: `${name} before`, shape, sums: empty(), next: empty() };
    }),
  );
}

/** 1 for what is no padding and 0 for what is, `[samples, tokens, 1]`. */
function realOf({ samples, tokens, texts }: BlockBatch): Tensor {
  const real = new Float32Array(samples * tokens);
  for (const [i, { length }] of texts.entries()) real.fill(1, i * tokens, i * tokens + length);
  return tensor(real, samples, tokens, 1);
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(matrix.length);
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++) turned[column * rows + row] = matrix[at] ?? 0;
  return turned;
}
