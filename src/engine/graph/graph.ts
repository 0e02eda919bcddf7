/**
 * The small set of tensor operations in which a transformer block is written once. A graph says what is computed; a
 * runtime (`../runtime`) says with what. Dimensions that change from run to run (samples, tokens) are symbols, so that
 * one compiled graph serves texts of every length.
 */

/** A size, or the name of one that is known when the graph runs. */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** Every operation, with its attributes. Axes count from 0; all tensors are float32 unless said. */
export interface Operations {
  /** A tensor given at run time; `position` inputs are int64. */
  input: { name: string; type: "float32" | "int64" };
  /** A scalar. */
  constant: { value: number };
  /** A tensor that is the same in every run. */
  table: { values: Float32Array };
  add: object;
  subtract: object;
  multiply: object;
  divide: object;
  absolute: object;
  exp: object;
  /** Natural logarithm. */
  log: object;
  sqrt: object;
  tanh: object;
  erf: object;
  sigmoid: object;
  relu: object;
  /** 1 where the input is > 0, else 0. */
  step: object;
  /** x · sigmoid(x) */
  silu: object;
  /** x · Φ(x), exactly or by the tanh approximation. */
  gelu: { approximation: "none" | "tanh" };
  /** Over the last axis. */
  softmax: object;
  sum: { axis: number; keep: boolean };
  mean: { axis: number; keep: boolean };
  /** Largest value along an axis, kept as size 1. No gradient. */
  max: { axis: number };
  reshape: { shape: Shape };
  transpose: { permutation: readonly number[] };
  slice: { axis: number; from: number; to: number };
  concat: { axis: number };
  /** `scale · a · b`, the last two axes, either transposed; the axes before them are broadcast. */
  matmul: { transposeA: boolean; transposeB: boolean; scale: number };
  /** `x · weightᵀ (+ bias)`: x `[…, in]`, weight `[out, in]`. A *site*: its weight is a scored parameter called `name`. */
  linear: { name: string };
  /** x / sqrt(mean(x²) + epsilon) · weight over the last axis. */
  rmsNorm: { epsilon: number };
  /** (x − mean) / sqrt(variance + epsilon) · weight + bias over the last axis. */
  layerNorm: { epsilon: number };
  /**
   * Rotary position embedding: x `[batch, heads, tokens, size]`, positions int64 `[batch, tokens]`, cosines and sines
   * `[table, rotated / 2]`; the first `rotated` of `size` are turned. Pair i is of the values i and i + rotated / 2, or, where
   * pairs are interleaved, 2i and 2i + 1.
   */
  rope: { rotated: number; interleaved: boolean; inverse: boolean };
  /** What stood `by` places before, along an axis: 0 where nothing did. A negative `by` looks ahead. */
  shift: { axis: number; by: number };
  /** `[rows, tokens, n]` in chunks of `size` tokens, `[rows, chunks, size, n]`: 0 behind the last token. */
  chunk: { size: number };
  /** `[rows, chunks, size, n]` put together again, `[rows, tokens, n]`: as many tokens as the second input has. */
  unchunk: object;
  /**
   * The states `[rows, steps, n, m]` before each step of `S ← factor · S + term`, from 0 on: factors `[rows, steps, n, n]`, terms
   * `[rows, steps, n, m]`. With `reverse` from the last step to the first.
   */
  recurrence: { reverse: boolean };
}

export type Operation = keyof Operations;

/** What stands for each input of every operation: how many it has, and in which order. */
export interface OperationInputs<T> {
  input: readonly [];
  constant: readonly [];
  table: readonly [];
  add: readonly [T, T];
  subtract: readonly [T, T];
  multiply: readonly [T, T];
  divide: readonly [T, T];
  absolute: readonly [T];
  exp: readonly [T];
  log: readonly [T];
  sqrt: readonly [T];
  tanh: readonly [T];
  erf: readonly [T];
  sigmoid: readonly [T];
  relu: readonly [T];
  step: readonly [T];
  silu: readonly [T];
  gelu: readonly [T];
  softmax: readonly [T];
  sum: readonly [T];
  mean: readonly [T];
  max: readonly [T];
  reshape: readonly [T];
  transpose: readonly [T];
  slice: readonly [T];
  concat: readonly T[];
  matmul: readonly [T, T];
  linear: readonly [x: T, weight: T] | readonly [x: T, weight: T, bias: T];
  rmsNorm: readonly [x: T, weight: T];
  layerNorm: readonly [x: T, weight: T, bias: T];
  rope: readonly [x: T, positions: T, cosines: T, sines: T];
  shift: readonly [T];
  chunk: readonly [T];
  unchunk: readonly [chunks: T, tokens: T];
  recurrence: readonly [factors: T, terms: T];
}

export interface Node<Op extends Operation = Operation> {
  readonly id: number;
  readonly op: Op;
  readonly inputs: OperationInputs<Node>[Op];
  readonly attributes: Operations[Op];
  readonly shape: Shape;
}

/** A computation with named inputs and outputs. */
export interface Graph {
  readonly inputs: readonly Node<"input">[];
  readonly outputs: ReadonlyMap<string, Node>;
}

/** What differs in shape between two tensors that are broadcast against each other, [1] meeting [n]. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new Error(`shapes [${a.join(", ")}] and [${b.join(", ")}] do not broadcast`);
  });
}

function withAxis(shape: Shape, axis: number, size: Dim): Shape {
  return shape.map((dim, i) => (i === axis ? size : dim));
}

/**
 * The size of a shape along an axis, counted from 0, or from −1 at the end.
 * @throws Error where the shape has no such axis.
 */
export function axisSize<Size extends Dim>(shape: readonly Size[], axis: number): Size {
  const size = shape.at(axis);
  if (size === undefined) throw new Error(`[${shape.join(", ")}] has no axis ${axis}`);
  return size;
}

function numeric(dim: Dim): number {
  if (typeof dim === "number") return dim;
  throw new Error(`the size '${dim}' must be known when the graph is built`);
}

/** The sizes of a matrix, or of each of many. */
function matrixSizes(shape: Shape, transposed: boolean): [rows: Dim, columns: Dim] {
  const sizes: [Dim, Dim] = [axisSize(shape, -2), axisSize(shape, -1)];
  return transposed ? [sizes[1], sizes[0]] : sizes;
}

/** Builds a graph, node by node; every method returns the node of its result. */
export class GraphBuilder {
  #next = 0;
  readonly #inputs = new Map<string, Node<"input">>();

  node<Op extends Operation>(
    op: Op,
    inputs: OperationInputs<Node>[Op],
    attributes: Operations[Op],
    shape: Shape,
  ): Node<Op> {
    return { id: this.#next++, op, inputs, attributes, shape };
  }

  /** The input of that name; asked for twice, it is the same node. */
  input(name: string, shape: Shape, type: "float32" | "int64" = "float32"): Node<"input"> {
    const known = this.#inputs.get(name);
    if (known !== undefined) return known;
    const node = this.node("input", [], { name, type }, shape);
    this.#inputs.set(name, node);
    return node;
  }

  constant(value: number): Node {
    return this.node("constant", [], { value }, []);
  }

  /** A tensor of that shape, whose value at each place `valueAt` gives. */
  table(shape: readonly number[], valueAt: (...place: number[]) => number): Node {
    const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
    for (let i = 0; i < values.length; i++) {
      let left = i;
      const place = shape.map(() => 0);
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const size = axisSize(shape, axis);
        place[axis] = left % size;
        left = Math.floor(left / size);
      }
      values[i] = valueAt(...place);
    }
    return this.node("table", [], { values }, shape);
  }

  #binary(op: "add" | "subtract" | "multiply" | "divide", a: Node, b: Node | number): Node {
    const other = typeof b === "number" ? this.constant(b) : b;
    return this.node(op, [a, other], {}, broadcastShapes(a.shape, other.shape));
  }

  add = (a: Node, b: Node | number): Node => this.#binary("add", a, b);
  subtract = (a: Node, b: Node | number): Node => this.#binary("subtract", a, b);
  multiply = (a: Node, b: Node | number): Node => this.#binary("multiply", a, b);
  divide = (a: Node, b: Node | number): Node => this.#binary("divide", a, b);

  unary(
    op: "absolute" | "exp" | "log" | "sqrt" | "tanh" | "erf" | "sigmoid" | "relu" | "step" | "silu" | "softmax",
    x: Node,
  ): Node {
    return this.node(op, [x], {}, x.shape);
  }

  gelu(x: Node, approximation: "none" | "tanh"): Node {
    return this.node("gelu", [x], { approximation }, x.shape);
  }

  sum(x: Node, axis: number, keep = true): Node {
    return this.node("sum", [x], { axis, keep }, keep ? withAxis(x.shape, axis, 1) : x.shape.toSpliced(axis, 1));
  }

  mean(x: Node, axis: number, keep = true): Node {
    return this.node("mean", [x], { axis, keep }, keep ? withAxis(x.shape, axis, 1) : x.shape.toSpliced(axis, 1));
  }

  max(x: Node, axis: number): Node {
    return this.node("max", [x], { axis }, withAxis(x.shape, axis, 1));
  }

  reshape(x: Node, shape: Shape): Node {
    reshapeTemplate(x.shape, shape);
    return this.node("reshape", [x], { shape }, shape);
  }

  transpose(x: Node, permutation: readonly number[]): Node {
    return this.node(
      "transpose",
      [x],
      { permutation },
      permutation.map((axis) => axisSize(x.shape, axis)),
    );
  }

  slice(x: Node, axis: number, from: number, to: number): Node {
    return this.node("slice", [x], { axis, from, to }, withAxis(x.shape, axis, to - from));
  }

  concat(parts: readonly Node[], axis: number): Node {
    const [first] = parts;
    if (first === undefined) throw new Error("concat of nothing");
    const size = parts.reduce((sum, part) => sum + numeric(axisSize(part.shape, axis)), 0);
    return this.node("concat", parts, { axis }, withAxis(first.shape, axis, size));
  }

  matmul(a: Node, b: Node, options: Partial<Operations["matmul"]> = {}): Node {
    const { transposeA = false, transposeB = false, scale = 1 } = options;
    const [rows, inner] = matrixSizes(a.shape, transposeA);
    const [other, columns] = matrixSizes(b.shape, transposeB);
    if (inner !== other) throw new Error(`matmul: [${a.shape.join(", ")}] by [${b.shape.join(", ")}]`);
    const shape = [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
    return this.node("matmul", [a, b], { transposeA, transposeB, scale }, shape);
  }

  linear(x: Node, weight: Node, bias: Node | undefined, name: string): Node {
    const [out, width] = matrixSizes(weight.shape, false);
    if (x.shape.at(-1) !== width) throw new Error(`${name}: [${x.shape.join(", ")}] by [${weight.shape.join(", ")}]`);
    const shape = [...x.shape.slice(0, -1), out];
    return this.node("linear", bias === undefined ? [x, weight] : [x, weight, bias], { name }, shape);
  }

  rmsNorm(x: Node, weight: Node, epsilon: number): Node {
    return this.node("rmsNorm", [x, weight], { epsilon }, x.shape);
  }

  layerNorm(x: Node, weight: Node, bias: Node, epsilon: number): Node {
    return this.node("layerNorm", [x, weight, bias], { epsilon }, x.shape);
  }

  rope(
    x: Node,
    [positions, cosines, sines]: readonly [positions: Node, cosines: Node, sines: Node],
    {
      rotated,
      interleaved = false,
      inverse = false,
    }: Pick<Operations["rope"], "rotated"> & Partial<Operations["rope"]>,
  ): Node {
    return this.node("rope", [x, positions, cosines, sines], { rotated, interleaved, inverse }, x.shape);
  }

  shift(x: Node, axis: number, by: number): Node {
    return by === 0 ? x : this.node("shift", [x], { axis, by }, x.shape);
  }

  chunk(x: Node, size: number): Node {
    const [rows, tokens, width] = [axisSize(x.shape, 0), axisSize(x.shape, 1), axisSize(x.shape, 2)];
    const chunks = typeof tokens === "number" ? Math.ceil(tokens / size) : `${tokens}/${size}`;
    return this.node("chunk", [x], { size }, [rows, chunks, size, width]);
  }

  /** @param like has the tokens that `chunks` are made of along its axis 1 */
  unchunk(chunks: Node, like: Node): Node {
    const [rows, tokens, width] = [axisSize(chunks.shape, 0), axisSize(like.shape, 1), axisSize(chunks.shape, 3)];
    return this.node("unchunk", [chunks, like], {}, [rows, tokens, width]);
  }

  recurrence(factors: Node, terms: Node, reverse = false): Node {
    return this.node("recurrence", [factors, terms], { reverse }, terms.shape);
  }

  /** The graph of these outputs: what they need, and nothing else. */
  graph(outputs: ReadonlyMap<string, Node>): Graph {
    const inputs = topological(outputs.values()).filter((node): node is Node<"input"> => node.op === "input");
    return { inputs, outputs };
  }
}

/** What `value` makes of each input of a node, in their order. */
export function mapInputs<Op extends Operation, T>(
  { inputs }: Node<Op>,
  value: (input: Node) => T,
): OperationInputs<T>[Op] {
  // there are as many as before, which TypeScript does not say of a tuple's map
  const mapped: readonly T[] = inputs.map(value);
  return mapped as OperationInputs<T>[Op];
}

/** The nodes that the given ones need, each after its inputs. */
export function topological(outputs: Iterable<Node>): Node[] {
  const order: Node[] = [];
  const seen = new Set<number>();
  const visit = (node: Node): void => {
    if (seen.has(node.id)) return;
    seen.add(node.id);
    node.inputs.forEach(visit);
    order.push(node);
  };
  for (const output of outputs) visit(output);
  return order;
}

/**
 * The target of a reshape in which sizes known only at run time are written 0 (as in the input, at the same place) or,
 * once at most, −1 (what is left).
 */
export function reshapeTemplate(from: Shape, to: Shape): number[] {
  let free = 0;
  const template = to.map((dim, i) => {
    if (typeof dim === "number") return dim;
    if (from[i] === dim) return 0;
    free++;
    return -1;
  });
  if (free > 1) throw new Error(`reshape from [${from.join(", ")}] to [${to.join(", ")}] leaves two sizes open`);
  return template;
}
