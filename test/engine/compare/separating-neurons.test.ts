import { expect, test } from "vitest";
import { separatingNeurons } from "../../../src/engine/compare/separating-neurons";

test("neurons that tell two domains apart have both a large difference and a large ratio", () => {
  // one domain activates everything twice as strongly, which is no difference
  const a = [Float64Array.of(10, 10, 0.01, 80), Float64Array.of(50, 50)];
  const b = [Float64Array.of(60, 20, 0, 120), Float64Array.of(100, 100)];
  const [first, second, ...rest] = separatingNeurons(a, b);
  expect(first).toMatchObject({ layer: 0, neuron: 0 });
  expect(first.a).toBeCloseTo(0.1, 3);
  expect(first.b).toBeCloseTo(0.3, 12);
  expect(second).toMatchObject({ layer: 0, neuron: 3 });
  expect(rest).toHaveLength(4);
  expect(rest.find(({ neuron, layer }) => layer === 1 && neuron === 0)).toMatchObject({ a: 0.5, b: 0.5 });
});

test("silent layers have none", () => {
  const silent = [new Float64Array(3)];
  expect(separatingNeurons(silent, silent).map(({ a, b }) => [a, b])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});
