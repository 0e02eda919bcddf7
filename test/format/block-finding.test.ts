import { expect, test } from "vitest";

import { blockFinding } from "../../src/format/block-finding";
import { shortNamesIn } from "../../src/format/matrix-names";

const layer = (...sums: number[]) => ({
  layer: 9,
  sum: sums.reduce((all, sum) => all + sum, 0),
  modules: sums.map((sum, i) => ({ name: ["self_attn.q_proj", "self_attn.o_proj", "mlp.down_proj"][i], sum })),
});

const said = (of: ReturnType<typeof layer>, all: number, ratio: number | undefined) =>
  blockFinding(of, { all, ratio, shortName: shortNamesIn([of]) });

test("a layer's share is said beside its usual one, and the matrix that has most of it", () => {
  expect(said(layer(1, 2, 5), 80, 0.89)).toBe(
    "Layer 9 holds 10 % of the activation, ×0.89 of its usual share; of its matrices down has most of that, 63 %.",
  );
  expect(said(layer(1, 2, 5), 80, undefined)).toBe(
    "Layer 9 holds 10 % of the activation; of its matrices down has most of that, 63 %.",
  );
});

test("no matrix has most where two print alike, or where there is one", () => {
  const plain = "Layer 9 holds 10 % of the activation.";
  expect(said(layer(4, 1, 4), 90, undefined)).toBe(plain);
  expect(said(layer(3, 3, 3), 90, undefined)).toBe(plain);
  expect(said(layer(9), 90, undefined)).toBe(plain);
});

test("where there is no activation that is said", () => {
  expect(said(layer(0, 0), 90, 1)).toBe("Nothing of the activation is in layer 9.");
  expect(said(layer(0), 0, undefined)).toBe("Nothing of the activation is in layer 9.");
});

test("a matrix is called as in all layers: another one of the model may have the shorter name", () => {
  const mixture = {
    layer: 1,
    sum: 4,
    modules: [
      { name: "mlp.gate", sum: 3 },
      { name: "mlp.experts.0.up_proj", sum: 1 },
    ],
  };
  const shortName = shortNamesIn([mixture, { modules: [{ name: "mlp.gate_proj" }] }]);
  expect(blockFinding(mixture, { all: 8, shortName })).toContain("of its matrices mlp.gate has most of that, 75 %.");
});
