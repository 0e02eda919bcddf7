import type { GraphBuilder, Node, Operation, Shape } from "../../../src/engine/graph/graph";
import { lengthOf, sized, type Sizes } from "../support/graphs";
import { random, randomArray } from "../support/random";

/** An operation on given inputs, whose gradients are compared with finite differences. */
export interface GradientCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, CaseInput>>;
  readonly sizes?: Sizes;
  readonly build: (b: GraphBuilder, inputs: Readonly<Record<string, Node>>) => Node;
}

export interface CaseInput {
  readonly shape: Shape;
  /** float32 unless given: positions. */
  readonly positions?: readonly number[];
  /** Values lie in [from, to); (−1.5, 1.5) unless given. */
  readonly range?: readonly [number, number];
  /** What the rule gives no gradient of: weights, tables, positions. */
  readonly fixed?: boolean;
  /** Keeps values away from 0, where the function has a kink. */
  readonly kink?: boolean;
}

type Values = Float32Array | BigInt64Array;

/** Farther from a kink than finite differences reach. */
const KINK = 0.25;

export function valuesOf({ inputs, sizes }: GradientCase, seed: number): Record<string, Values> {
  const next = random(seed);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, positions, range = [-1.5, 1.5], kink }]): [string, Values] => {
      if (positions) return [name, BigInt64Array.from(positions, BigInt)];
      const values = randomArray(next, lengthOf(sized(shape, sizes)), ...range);
      return [name, kink ? values.map((value) => value + (value < 0 ? -KINK : KINK)) : values];
    }),
  );
}

type Unary = Parameters<GraphBuilder["unary"]>[0];

const matrix: Shape = [3, 4];

function unary(op: Unary, input: Omit<CaseInput, "shape"> = {}): GradientCase[] {
  return [matrix, [2, 1, 5], [7]].map((shape) => ({
    name: `${op} of [${shape.join(", ")}]`,
    inputs: { x: { shape, ...input } },
    build: (b, { x }) => b.unary(op, x),
  }));
}

/** Shapes that meet in a binary operation: equal, and broadcast on either side, with and without leading axes. */
const pairs: readonly (readonly [Shape, Shape])[] = [
  [matrix, matrix],
  [matrix, [4]],
  [[4], matrix],
  [
    [3, 1],
    [1, 4],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [[], matrix],
  [
    [2, 1, 3],
    [2, 4, 1],
  ],
];

function binary(op: "add" | "subtract" | "multiply" | "divide", second: Omit<CaseInput, "shape"> = {}): GradientCase[] {
  const cases = pairs.map(([x, y]): GradientCase => ({
    name: `${op} of [${x.join(", ")}] and [${y.join(", ")}]`,
    inputs: { x: { shape: x }, y: { shape: y, ...second } },
    build: (b, { x, y }) => b[op](x, y),
  }));
  const withNumber: GradientCase = {
    name: `${op} of a tensor and a number`,
    inputs: { x: { shape: matrix } },
    build: (b, { x }) => b[op](x, 1.7),
  };
  const symbolic: GradientCase = {
    name: `${op} where sizes are symbols`,
    inputs: { x: { shape: ["batch", "tokens", 3] }, y: { shape: ["batch", 1, 3], ...second } },
    sizes: { batch: 2, tokens: 4 },
    build: (b, { x, y }) => b[op](x, y),
  };
  return [...cases, withNumber, symbolic];
}

function reduction(op: "sum" | "mean"): GradientCase[] {
  return [0, 1, 2].flatMap((axis) =>
    [true, false].map((keep) => ({
      name: `${op} along axis ${axis}, ${keep ? "kept" : "dropped"}`,
      inputs: { x: { shape: [2, 3, 4] } },
      build: (b: GraphBuilder, { x }: Readonly<Record<string, Node>>) => b[op](x, axis, keep),
    })),
  );
}

function matmuls(): GradientCase[] {
  const cases: GradientCase[] = [];
  for (const [lead, leadB] of [
    [[], []],
    [[2], [2]],
    [[2], []],
    [[], [2]],
    [
      [2, 3],
      [2, 3],
    ],
    [
      [2, 3],
      [1, 3],
    ],
  ])
    for (const transposeA of [false, true])
      for (const transposeB of [false, true]) {
        const a = [...lead, ...(transposeA ? [5, 4] : [4, 5])];
        const b = [...leadB, ...(transposeB ? [3, 5] : [5, 3])];
        cases.push({
          name: `matmul of [${a.join(", ")}]${transposeA ? "ᵀ" : ""} and [${b.join(", ")}]${transposeB ? "ᵀ" : ""}`,
          inputs: { x: { shape: a }, y: { shape: b } },
          build: (builder, { x, y }) => builder.matmul(x, y, { transposeA, transposeB, scale: 0.7 }),
        });
      }
  cases.push({
    name: "matmul unscaled",
    inputs: { x: { shape: [4, 5] }, y: { shape: [5, 3] } },
    build: (builder, { x, y }) => builder.matmul(x, y),
  });
  return cases;
}

function ropes(): GradientCase[] {
  const [halves, turns] = [
    [false, true],
    [false, true],
  ];
  const variants = halves.flatMap((interleaved) => turns.map((inverse) => ({ interleaved, inverse })));
  return [6, 4].flatMap((rotated) =>
    variants.map(({ interleaved, inverse }) => ({
      name: `rope of ${rotated} of 6 values${interleaved ? ", interleaved" : ""}${inverse ? ", backwards" : ""}`,
      inputs: {
        x: { shape: ["batch", 2, "tokens", 6] },
        positions: { shape: ["batch", "tokens"], positions: [0, 1, 2, 3, 4, 1], fixed: true },
        cosines: { shape: ["table", rotated / 2], fixed: true },
        sines: { shape: ["table", rotated / 2], fixed: true },
      },
      sizes: { batch: 2, tokens: 3, table: 5 },
      build: (b: GraphBuilder, { x, positions, cosines, sines }: Readonly<Record<string, Node>>) =>
        b.rope(x, [positions, cosines, sines], { rotated, interleaved, inverse }),
    })),
  );
}

/** At least one case for every operation that has a vector-Jacobian rule. */
export const gradientCases: Readonly<Partial<Record<Operation, readonly GradientCase[]>>> = {
  add: binary("add"),
  subtract: binary("subtract"),
  multiply: binary("multiply"),
  divide: [...binary("divide", { range: [0.7, 2] }), ...binary("divide", { range: [-2, -0.7] })],
  absolute: unary("absolute", { kink: true }),
  exp: unary("exp"),
  log: unary("log", { range: [0.5, 3] }),
  sqrt: unary("sqrt", { range: [0.5, 3] }),
  tanh: unary("tanh"),
  erf: unary("erf"),
  sigmoid: unary("sigmoid", { range: [-4, 4] }),
  relu: unary("relu", { kink: true }),
  // alone it is flat everywhere
  step: [
    {
      name: "step of [3, 4], times it",
      inputs: { x: { shape: matrix, kink: true } },
      build: (b, { x }) => b.multiply(b.unary("step", x), x),
    },
  ],
  silu: unary("silu", { range: [-4, 4] }),
  gelu: (["none", "tanh"] as const).map((approximation) => ({
    name: `gelu, approximation ${approximation}`,
    inputs: { x: { shape: [4, 5], range: [-3.5, 3.5] } },
    build: (b, { x }) => b.gelu(x, approximation),
  })),
  softmax: unary("softmax", { range: [-3, 3] }),
  sum: [
    ...reduction("sum"),
    {
      name: "sum along an axis whose size is a symbol",
      inputs: { x: { shape: [2, "tokens", 3] } },
      sizes: { tokens: 4 },
      build: (b, { x }) => b.sum(x, 1),
    },
  ],
  mean: reduction("mean"),
  reshape: [
    {
      name: "reshape to other axes",
      inputs: { x: { shape: [2, 6] } },
      build: (b, { x }) => b.reshape(x, [3, 4]),
    },
    {
      name: "reshape that splits heads",
      inputs: { x: { shape: ["batch", "tokens", 6] } },
      sizes: { batch: 2, tokens: 3 },
      build: (b, { x }) => b.reshape(x, ["batch", "tokens", 2, 3]),
    },
    {
      name: "reshape whose symbol moves",
      inputs: { x: { shape: ["batch", 4, 3, 2] } },
      sizes: { batch: 2, "2*batch": 4 },
      build: (b, { x }) => b.reshape(x, ["2*batch", 2, 6]),
    },
  ],
  transpose: [
    [1, 0, 2],
    [2, 0, 1],
    [0, 2, 1],
  ].map((permutation) => ({
    name: `transpose by [${permutation.join(", ")}]`,
    inputs: { x: { shape: [2, 3, 4] } },
    build: (b, { x }) => b.transpose(x, permutation),
  })),
  slice: (
    [
      [0, 0, 1],
      [1, 0, 2],
      [1, 2, 5],
      [1, 1, 3],
      [1, 0, 5],
      [2, 3, 4],
    ] as const
  ).map(([axis, from, to]) => ({
    name: `slice [${from}, ${to}) of axis ${axis}`,
    inputs: { x: { shape: [2, 5, 4] } },
    build: (b, { x }) => b.slice(x, axis, from, to),
  })),
  concat: [0, 1].map((axis) => ({
    name: `concat along axis ${axis}`,
    inputs: {
      x: { shape: axis === 0 ? [1, 3] : [2, 3] },
      y: { shape: [2, 3] },
      z: { shape: axis === 0 ? [3, 3] : [2, 1] },
    },
    build: (b, { x, y, z }) => b.concat([x, y, z], axis),
  })),
  matmul: matmuls(),
  linear: [true, false].map((biased) => ({
    name: `linear ${biased ? "with" : "without"} bias`,
    inputs: {
      x: { shape: ["batch", "tokens", 4] },
      weight: { shape: [3, 4], fixed: true },
      ...(biased ? { bias: { shape: [3], fixed: true } } : {}),
    },
    sizes: { batch: 2, tokens: 3 },
    build: (b, { x, weight, bias }) => b.linear(x, weight, biased ? bias : undefined, "q_proj"),
  })),
  rmsNorm: [1e-6, 0.5].map((epsilon) => ({
    name: `rmsNorm with epsilon ${epsilon}`,
    inputs: { x: { shape: ["batch", "tokens", 5] }, weight: { shape: [5], fixed: true } },
    sizes: { batch: 2, tokens: 2 },
    build: (b, { x, weight }) => b.rmsNorm(x, weight, epsilon),
  })),
  layerNorm: [1e-5, 0.5].map((epsilon) => ({
    name: `layerNorm with epsilon ${epsilon}`,
    inputs: {
      x: { shape: ["batch", "tokens", 5] },
      weight: { shape: [5], fixed: true },
      bias: { shape: [5], fixed: true },
    },
    sizes: { batch: 2, tokens: 2 },
    build: (b, { x, weight, bias }) => b.layerNorm(x, weight, bias, epsilon),
  })),
  rope: ropes(),
  shift: [1, 3, -2].flatMap((by) =>
    [2, 5].map((tokens) => ({
      name: `shift of ${tokens} tokens by ${by}`,
      inputs: { x: { shape: ["batch", "tokens", 3] } },
      sizes: { batch: 2, tokens },
      build: (b: GraphBuilder, { x }: Readonly<Record<string, Node>>) => b.shift(x, 1, by),
    })),
  ),
  chunk: [3, 4, 7].map((tokens) => ({
    name: `chunks of 4 of ${tokens} tokens`,
    inputs: { x: { shape: [2, "tokens", 3] } },
    sizes: { tokens, "tokens/4": Math.ceil(tokens / 4) },
    build: (b, { x }) => b.chunk(x, 4),
  })),
  unchunk: [3, 4, 7].map((tokens) => ({
    name: `${tokens} tokens of chunks of 4`,
    inputs: { x: { shape: [2, "tokens/4", 4, 3] }, like: { shape: [2, "tokens", 1], fixed: true } },
    sizes: { tokens, "tokens/4": Math.ceil(tokens / 4) },
    build: (b, { x, like }) => b.unchunk(x, like),
  })),
  recurrence: [1, 2, 5].flatMap((steps) =>
    [false, true].map((reverse) => ({
      name: `recurrence of ${steps} ${steps === 1 ? "step" : "steps"}${reverse ? ", backwards" : ""}`,
      inputs: { factors: { shape: ["rows", "steps", 3, 3] }, terms: { shape: ["rows", "steps", 3, 2] } },
      sizes: { rows: 2, steps },
      build: (b: GraphBuilder, { factors, terms }: Readonly<Record<string, Node>>) =>
        b.recurrence(factors, terms, reverse),
    })),
  ),
};
