import { describe, expect, test } from "vitest";
import { GraphBuilder, type Node, type Operation, type Shape } from "../../../src/engine/graph/graph";
import type { RuntimeWish } from "../../../src/engine/runtime/runtime";
import { lengthOf, sized, TestProgram } from "../support/graphs";
import { allRuntimes } from "../support/runtimes";
import { random, randomArray } from "../support/random";

/** float32 against doubles. */
const TOLERANCE = 2e-6;

type Values = Readonly<Record<string, Float32Array>>;

interface OperationCase {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly build: (b: GraphBuilder, x: Readonly<Record<string, Node>>) => Node;
  /** The result element by element, in doubles. */
  readonly expected: (x: Values) => number[];
  readonly positive?: boolean;
}

const elementwise = (
  op: Parameters<GraphBuilder["unary"]>[0],
  f: (x: number) => number,
  positive = false,
): OperationCase => ({
  inputs: { x: [3, 5] },
  build: (b, { x }) => b.unary(op, x),
  expected: ({ x }) => Array.from(x, f),
  positive,
});

/** `[2, 3]` with `[3]`. */
const binary = (
  op: "add" | "subtract" | "multiply" | "divide",
  f: (x: number, y: number) => number,
): OperationCase => ({
  inputs: { x: [2, 3], y: [3] },
  build: (b, { x, y }) => b[op](x, y),
  expected: ({ x, y }) => Array.from(x, (value, i) => f(value, y[i % 3])),
  positive: true,
});

const rowsOf = (x: Float32Array, width: number): number[][] =>
  Array.from({ length: x.length / width }, (_, row) => [...x.subarray(row * width, (row + 1) * width)]);
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Φ(x) by Simpson's rule. */
function normalDistribution(x: number): number {
  const steps = 2000;
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * density((i * x) / steps);
  return 0.5 + (sum * x) / steps / 3;
}

const geluTanh = (x: number): number => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

const cases: Readonly<Record<Exclude<Operation, "input" | "constant" | "rope">, readonly OperationCase[]>> = {
  add: [binary("add", (x, y) => x + y)],
  subtract: [binary("subtract", (x, y) => x - y)],
  multiply: [binary("multiply", (x, y) => x * y)],
  divide: [binary("divide", (x, y) => x / y)],
  table: [
    {
      inputs: { x: [2, 3] },
      build: (b, { x }) =>
        b.add(
          x,
          b.table([2, 3], (row, column) => 10 * row + column),
        ),
      expected: ({ x }) => Array.from(x, (value, i) => value + [0, 1, 2, 10, 11, 12][i]),
    },
  ],
  absolute: [elementwise("absolute", Math.abs)],
  exp: [elementwise("exp", Math.exp)],
  log: [elementwise("log", Math.log, true)],
  sqrt: [elementwise("sqrt", Math.sqrt, true)],
  tanh: [elementwise("tanh", Math.tanh)],
  erf: [elementwise("erf", (x) => 2 * normalDistribution(x * Math.SQRT2) - 1)],
  sigmoid: [elementwise("sigmoid", sigmoid)],
  relu: [elementwise("relu", (x) => Math.max(0, x))],
  step: [elementwise("step", (x) => (x > 0 ? 1 : 0))],
  silu: [elementwise("silu", (x) => x * sigmoid(x))],
  gelu: [
    {
      inputs: { x: [3, 5] },
      build: (b, { x }) => b.gelu(x, "none"),
      expected: ({ x }) => Array.from(x, (value) => value * normalDistribution(value)),
    },
    {
      inputs: { x: [3, 5] },
      build: (b, { x }) => b.gelu(x, "tanh"),
      expected: ({ x }) => Array.from(x, geluTanh),
    },
  ],
  softmax: [
    {
      inputs: { x: [3, 5] },
      build: (b, { x }) => b.unary("softmax", x),
      expected: ({ x }) =>
        rowsOf(x, 5).flatMap((row) => row.map((value) => Math.exp(value) / total(row.map(Math.exp)))),
    },
  ],
  sum: [
    {
      inputs: { x: [2, 3] },
      build: (b, { x }) => b.sum(x, 0, false),
      expected: ({ x }) => [0, 1, 2].map((i) => x[i] + x[i + 3]),
    },
  ],
  mean: [{ inputs: { x: [2, 3] }, build: (b, { x }) => b.mean(x, 1), expected: ({ x }) => rowsOf(x, 3).map(mean) }],
  max: [
    {
      inputs: { x: [2, 3] },
      build: (b, { x }) => b.max(x, 1),
      expected: ({ x }) => rowsOf(x, 3).map((row) => Math.max(...row)),
    },
  ],
  reshape: [{ inputs: { x: [2, 6] }, build: (b, { x }) => b.reshape(x, [3, 4]), expected: ({ x }) => [...x] }],
  transpose: [
    {
      inputs: { x: [2, 3] },
      build: (b, { x }) => b.transpose(x, [1, 0]),
      expected: ({ x }) => [0, 3, 1, 4, 2, 5].map((i) => x[i]),
    },
  ],
  slice: [
    {
      inputs: { x: [2, 5] },
      build: (b, { x }) => b.slice(x, 1, 1, 4),
      expected: ({ x }) => rowsOf(x, 5).flatMap((row) => row.slice(1, 4)),
    },
  ],
  concat: [
    {
      inputs: { x: [2, 2], y: [2, 1] },
      build: (b, { x, y }) => b.concat([x, y], 1),
      expected: ({ x, y }) => [x[0], x[1], y[0], x[2], x[3], y[1]],
    },
  ],
  matmul: [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      inputs: { x: transposeA ? [3, 2] : [2, 3], y: transposeB ? [4, 3] : [3, 4] },
      build: (b: GraphBuilder, { x, y }: Readonly<Record<string, Node>>) =>
        b.matmul(x, y, { transposeA, transposeB, scale: 0.5 }),
      expected: ({ x, y }: Values) =>
        [0, 1].flatMap((row) =>
          [0, 1, 2, 3].map(
            (column) =>
              0.5 *
              total(
                [0, 1, 2].map(
                  (k) => x[transposeA ? 2 * k + row : 3 * row + k] * y[transposeB ? 3 * column + k : 4 * k + column],
                ),
              ),
          ),
        ),
    })),
  ),
  linear: [false, true].map((biased) => ({
    inputs: { x: [2, 3], weight: [4, 3], bias: [4] },
    build: (b: GraphBuilder, { x, weight, bias }: Readonly<Record<string, Node>>) =>
      b.linear(x, weight, biased ? bias : undefined, "q_proj"),
    expected: ({ x, weight, bias }: Values) =>
      rowsOf(x, 3).flatMap((row) =>
        rowsOf(weight, 3).map((of, out) => total(of.map((w, i) => w * row[i])) + (biased ? bias[out] : 0)),
      ),
  })),
  rmsNorm: [
    {
      inputs: { x: [2, 5], weight: [5] },
      build: (b, { x, weight }) => b.rmsNorm(x, weight, 0.01),
      expected: ({ x, weight }) =>
        rowsOf(x, 5).flatMap((row) => {
          const root = Math.sqrt(mean(row.map((value) => value ** 2)) + 0.01);
          return row.map((value, i) => (value / root) * weight[i]);
        }),
    },
  ],
  layerNorm: [
    {
      inputs: { x: [2, 5], weight: [5], bias: [5] },
      build: (b, { x, weight, bias }) => b.layerNorm(x, weight, bias, 0.01),
      expected: ({ x, weight, bias }) =>
        rowsOf(x, 5).flatMap((row) => {
          const middle = mean(row);
          const deviation = Math.sqrt(mean(row.map((value) => (value - middle) ** 2)) + 0.01);
          return row.map((value, i) => ((value - middle) / deviation) * weight[i] + bias[i]);
        }),
    },
  ],
  shift: [1, 3, 5, -1, -3, -5].map((by) => ({
    inputs: { x: [2, 4, 2] },
    build: (b: GraphBuilder, { x }: Readonly<Record<string, Node>>) => b.shift(x, 1, by),
    expected: ({ x }: Values) =>
      [0, 1].flatMap((sample) =>
        [0, 1, 2, 3].flatMap((token) =>
          [0, 1].map((i) => (token - by >= 0 && token - by < 4 ? x[8 * sample + 2 * (token - by) + i] : 0)),
        ),
      ),
  })),
  chunk: [1, 3, 4].map((size) => ({
    inputs: { x: [2, 4, 2] },
    build: (b: GraphBuilder, { x }: Readonly<Record<string, Node>>) => b.chunk(x, size),
    expected: ({ x }: Values) =>
      rowsOf(x, 8).flatMap((row) => [...row, ...Array.from({ length: 2 * (Math.ceil(4 / size) * size - 4) }, () => 0)]),
  })),
  unchunk: [5, 6].map((tokens) => ({
    inputs: { x: [2, 2, 3, 2], like: [2, tokens, 1] },
    build: (b: GraphBuilder, { x, like }: Readonly<Record<string, Node>>) => b.unchunk(x, like),
    expected: ({ x }: Values) => rowsOf(x, 12).flatMap((row) => row.slice(0, 2 * tokens)),
  })),
  recurrence: [false, true].map((reverse) => ({
    inputs: { factors: [2, 3, 2, 2], terms: [2, 3, 2, 1] },
    build: (b: GraphBuilder, { factors, terms }: Readonly<Record<string, Node>>) =>
      b.recurrence(factors, terms, reverse),
    expected: ({ factors, terms }: Values) =>
      [0, 1].flatMap((row) => {
        const states: number[][] = [];
        let [upper, lower] = [0, 0];
        for (const step of reverse ? [2, 1, 0] : [0, 1, 2]) {
          states[step] = [upper, lower];
          const [a, b, c, d] = rowsOf(factors, 4)[3 * row + step];
          const [first, second] = rowsOf(terms, 2)[3 * row + step];
          [upper, lower] = [a * upper + b * lower + first, c * upper + d * lower + second];
        }
        return states.flat();
      }),
  })),
};

function mean(values: readonly number[]): number {
  return total(values) / values.length;
}

describe.each(allRuntimes)("%s computes", (_, wish) => {
  test.each(Object.entries(cases))("%s as it is defined", async (_, operationCases) => {
    for (const { inputs, build, expected, positive } of operationCases) {
      const b = new GraphBuilder();
      const next = random(3);
      const nodes = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, b.input(name, shape)]));
      const values = Object.fromEntries(
        Object.entries(inputs).map(([name, shape]) => [
          name,
          randomArray(next, lengthOf(sized(shape)), positive ? 0.5 : -2.5, 2.5),
        ]),
      );
      expectClose((await run(b, build(b, nodes), values, wish)).result, expected(values));
    }
  });

  test.each([
    ["half-split", false],
    ["interleaved", true],
  ])("rope as %s pairs that are turned by their positions, and back again", async (_, interleaved) => {
    for (const [size, rotated] of [
      [6, 6],
      [6, 4],
    ]) {
      const half = rotated / 2;
      const b = new GraphBuilder();
      const x = b.input("x", ["batch", 2, "tokens", size]);
      const positions = b.input("positions", ["batch", "tokens"], "int64");
      const [cosines, sines] = ["cosines", "sines"].map((name) => b.input(name, ["table", half]));
      const turned = b.rope(x, [positions, cosines, sines], { rotated, interleaved });
      const back = b.rope(turned, [positions, cosines, sines], { rotated, interleaved, inverse: true });
      const angles = Float32Array.from({ length: 4 * half }, (_, i) => Math.floor(i / half) / 2 ** (i % half));
      const at = [0, 1, 3, 2, 0, 2];
      const values = randomArray(random(5), 2 * 2 * 3 * size);
      const program = await TestProgram.of(b, { turned, back }, { batch: 2, tokens: 3, table: 4 }, wish);
      const outputs = await program.run({
        x: values,
        positions: BigInt64Array.from(at, BigInt),
        cosines: angles.map(Math.cos),
        sines: angles.map(Math.sin),
      });
      await program.dispose();
      const expected = rowsOf(values, size).flatMap((row, index) => {
        const position = at[Math.floor(index / 6) * 3 + (index % 3)];
        return row.map((value, i) => {
          if (i >= rotated) return value;
          const [pair, apart, isFirst] = interleaved ? [i >> 1, 1, i % 2 === 0] : [i % half, half, i < half];
          const angle = angles[position * half + pair];
          return isFirst
            ? value * Math.cos(angle) - row[i + apart] * Math.sin(angle)
            : value * Math.cos(angle) + row[i - apart] * Math.sin(angle);
        });
      });
      expectClose(outputs.turned, expected);
      expectClose(outputs.back, [...values]);
    }
  });

  test("products of matrices that are broadcast against each other, on either side", async () => {
    for (const [left, right] of [
      [
        [2, 3, 2, 4],
        [2, 3, 4, 5],
      ],
      [
        [2, 3, 2, 4],
        [1, 3, 4, 5],
      ],
      [
        [2, 1, 2, 4],
        [2, 3, 4, 5],
      ],
      [
        [1, 1, 2, 4],
        [2, 3, 4, 5],
      ],
      [
        [2, 3, 2, 4],
        [4, 5],
      ],
      [
        [2, 1, 2, 4],
        [1, 3, 4, 5],
      ],
    ]) {
      const b = new GraphBuilder();
      const result = b.matmul(b.input("x", left), b.input("y", right));
      const [x, y] = [left, right].map((shape, seed) => randomArray(random(seed), lengthOf(shape)));
      const at = (shape: readonly number[], sample: number, head: number): number => {
        const [samples, heads] = shape.length === 2 ? [1, 1] : shape;
        return ((samples === 1 ? 0 : sample) * heads + (heads === 1 ? 0 : head)) * lengthOf(shape.slice(-2));
      };
      const expected = [0, 1].flatMap((sample) =>
        Array.from({ length: Math.max(left[1], right.length === 2 ? 1 : right[1]) }, (_, head) => head).flatMap(
          (head) =>
            [0, 1].flatMap((row) =>
              [0, 1, 2, 3, 4].map((column) =>
                total(
                  [0, 1, 2, 3].map(
                    (k) => x[at(left, sample, head) + 4 * row + k] * y[at(right, sample, head) + 5 * k + column],
                  ),
                ),
              ),
            ),
        ),
      );
      expectClose((await run(b, result, { x, y }, wish)).result, expected);
    }
  });
});

async function run(
  b: GraphBuilder,
  result: Node,
  values: Values,
  wish: RuntimeWish,
): Promise<Record<string, Float32Array>> {
  const program = await TestProgram.of(b, { result }, {}, wish);
  try {
    return await program.run(values);
  } finally {
    await program.dispose();
  }
}

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]) / scale))).toBeLessThan(TOLERANCE);
}
