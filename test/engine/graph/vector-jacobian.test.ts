import { describe, expect, test } from "vitest";
import { differentiate } from "../../../src/engine/graph/differentiate";
import { GraphBuilder, type Node } from "../../../src/engine/graph/graph";
import { vectorJacobianRules } from "../../../src/engine/graph/vector-jacobian";
import { lengthOf, sized, TestProgram } from "../support/graphs";
import { random, randomArray } from "../support/random";
import { gradientCases, valuesOf, type GradientCase } from "./cases";

/** The distance of the points of a fourth-order difference: its error and float32's are then both near 1e-6. */
const STEP = 1 / 32;
const TOLERANCE = 2e-4;

describe.each(Object.entries(gradientCases))("the vector-Jacobian product of %s", (_, cases) => {
  test.each(cases)("$name is that of finite differences", async (gradientCase) => {
    for (const seed of [1, 2]) await expectGradients(gradientCase, seed);
  });
});

/** Inputs and outputs of a graph share no names. */
const gradientOf = (name: string): string => `gradient of ${name}`;

test("every vector-Jacobian rule has a case", () => {
  expect(Object.keys(gradientCases).sort()).toEqual(Object.keys(vectorJacobianRules).sort());
});

async function expectGradients(gradientCase: GradientCase, seed: number): Promise<void> {
  const b = new GraphBuilder();
  const nodes: Record<string, Node> = {};
  for (const [name, { shape, positions }] of Object.entries(gradientCase.inputs))
    nodes[name] = b.input(name, shape, positions ? "int64" : "float32");
  const y = gradientCase.build(b, nodes);
  const variables = Object.keys(gradientCase.inputs).filter((name) => !gradientCase.inputs[name].fixed);
  const cotangent = b.input("cotangent", y.shape);
  const { gradients } = differentiate(
    b,
    [y],
    [cotangent],
    variables.map((name) => nodes[name]),
  );
  const derived = Object.fromEntries(
    variables.map((name, i) => {
      const gradient = gradients[i];
      if (gradient === undefined) throw new Error(`there is no gradient with respect to ${name}`);
      expect(gradient.shape, `shape of the gradient with respect to ${name}`).toEqual(nodes[name].shape);
      return [gradientOf(name), gradient];
    }),
  );

  const values = valuesOf(gradientCase, seed);
  const weights = randomArray(random(seed + 100), lengthOf(sized(y.shape, gradientCase.sizes)));
  const forward = await TestProgram.of(b, { result: y }, gradientCase.sizes);
  const backward = await TestProgram.of(b, derived, gradientCase.sizes);
  const computed = await backward.run({ ...values, cotangent: weights });
  for (const name of variables) {
    const at = values[name] as Float32Array;
    const objective = async (i: number, step: number): Promise<[number, number]> => {
      const moved = at.slice();
      moved[i] += step;
      const { result } = await forward.run({ ...values, [name]: moved });
      return [moved[i], result.reduce((sum, value, j) => sum + value * weights[j], 0)];
    };
    const expected = new Float64Array(at.length);
    for (let i = 0; i < at.length; i++) {
      const [[x2, f2], [x1, f1], [, g1], [, g2]] = [
        await objective(i, 2 * STEP),
        await objective(i, STEP),
        await objective(i, -STEP),
        await objective(i, -2 * STEP),
      ];
      // the step as float32 made it
      expected[i] = (8 * (f1 - g1) - (f2 - g2)) / (12 * (x2 - x1));
    }
    const scale = Math.max(1, ...expected.map(Math.abs));
    const worst = Math.max(...expected.map((value, i) => Math.abs(value - computed[gradientOf(name)][i]) / scale));
    expect(worst, `deviation with respect to ${name}`).toBeLessThan(TOLERANCE);
  }
  await forward.dispose();
  await backward.dispose();
}
