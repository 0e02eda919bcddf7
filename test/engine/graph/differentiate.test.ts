import { describe, expect, test } from "vitest";
import { differentiate } from "../../../src/engine/graph/differentiate";
import { GraphBuilder, type Node } from "../../../src/engine/graph/graph";
import { TestProgram } from "../support/graphs";

describe("differentiate", () => {
  test("adds up the gradients of two uses of one tensor", async () => {
    // y = x² + 3x, dy/dx = 2x + 3
    const b = new GraphBuilder();
    const x = b.input("x", [3]);
    const y = b.add(b.multiply(x, x), b.multiply(x, 3));
    expect(await gradientsOf(b, y, { x }, { x: Float32Array.of(-1, 0, 2) })).toEqual({ x: Float32Array.of(1, 3, 7) });
  });

  test("follows a tensor through branches that meet again", async () => {
    // y = (x + 1)·(x + 1), of one shared sum
    const b = new GraphBuilder();
    const x = b.input("x", [2]);
    const shared = b.add(x, 1);
    const y = b.multiply(shared, shared);
    expect(await gradientsOf(b, y, { x }, { x: Float32Array.of(1, 4) })).toEqual({ x: Float32Array.of(4, 10) });
  });

  test("weighs several outputs by their seeds", async () => {
    const b = new GraphBuilder();
    const x = b.input("x", [2]);
    const outputs = [b.multiply(x, 2), b.multiply(x, 5)];
    const seeds = [b.constant(1), b.constant(10)].map((seed) => b.add(b.multiply(x, 0), seed));
    const [gradient] = differentiate(b, outputs, seeds, [x]).gradients;
    const program = await TestProgram.of(b, { gradient: defined(gradient) });
    expect(await program.run({ x: Float32Array.of(7, 8) })).toEqual({ gradient: Float32Array.of(52, 52) });
    await program.dispose();
  });

  test("has no gradient of what the output does not depend on", () => {
    const b = new GraphBuilder();
    const [x, other] = [b.input("x", [2]), b.input("other", [2])];
    const y = b.multiply(x, 2);
    const { gradients } = differentiate(b, [y], [b.input("seed", [2])], [x, other]);
    expect(gradients[0]).toBeDefined();
    expect(gradients[1]).toBeUndefined();
  });

  test("tells every linear layer that the gradient passes, with its input and its output's gradient", () => {
    const b = new GraphBuilder();
    const x = b.input("x", ["tokens", 4]);
    const hidden = b.unary("silu", b.linear(x, b.input("w1", [6, 4]), b.input("b1", [6]), "up"));
    const y = b.linear(hidden, b.input("w2", [4, 6]), undefined, "down");
    b.linear(x, b.input("w3", [4, 4]), undefined, "unused");
    const { sites } = differentiate(b, [y], [b.input("seed", ["tokens", 4])], [x]);
    expect(sites.map(({ name, x: input, delta }) => [name, input.shape, delta.shape])).toEqual([
      ["down", ["tokens", 6], ["tokens", 4]],
      ["up", ["tokens", 4], ["tokens", 6]],
    ]);
    expect(sites[1].x).toBe(x);
    expect(sites[0].x).toBe(hidden);
  });

  test("asks no rule of operations off the way, so that they need none", () => {
    const b = new GraphBuilder();
    const x = b.input("x", [2, 3]);
    const mask = b.max(b.input("mask", [2, 3]), 1);
    expect(differentiate(b, [b.multiply(x, mask)], [b.input("seed", [2, 3])], [x]).gradients[0]).toBeDefined();
  });

  test("throws by name at an operation that has no rule", () => {
    const b = new GraphBuilder();
    const x = b.input("x", [2, 3]);
    const y = b.max(x, 1);
    expect(() => differentiate(b, [y], [b.input("seed", y.shape)], [x])).toThrow(
      "the operation 'max' has no vector-Jacobian rule",
    );
  });

  test("refuses a mean or slice along an axis whose size is not known", () => {
    const b = new GraphBuilder();
    const x = b.input("x", ["tokens", 3]);
    const mean = b.mean(x, 0);
    expect(() => differentiate(b, [mean], [b.input("seed", mean.shape)], [x])).toThrow("mean over 'tokens'");
    const slice = b.slice(x, 0, 0, 1);
    expect(() => differentiate(b, [slice], [b.input("seed 2", slice.shape)], [x])).toThrow("slice of 'tokens'");
  });
});

/** Gradients of the sum of `y`. */
async function gradientsOf(
  b: GraphBuilder,
  y: Node,
  variables: Readonly<Record<string, Node>>,
  values: Readonly<Record<string, Float32Array>>,
): Promise<Record<string, Float32Array>> {
  const names = Object.keys(variables);
  const seed = b.input("seed", y.shape);
  const { gradients } = differentiate(b, [y], [seed], Object.values(variables));
  const program = await TestProgram.of(
    b,
    Object.fromEntries(names.map((name, i) => [`d${name}`, defined(gradients[i])])),
  );
  const ones = new Float32Array(y.shape.reduce<number>((size, dim) => size * Number(dim), 1)).fill(1);
  const outputs = await program.run({ ...values, seed: ones });
  await program.dispose();
  return Object.fromEntries(names.map((name) => [name, outputs[`d${name}`]]));
}

function defined(gradient: Node | undefined): Node {
  if (gradient === undefined) throw new Error("there is no gradient");
  return gradient;
}
