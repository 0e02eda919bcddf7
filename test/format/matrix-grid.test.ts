import { expect, test } from "vitest";
import { expertsIn, gridOf, groupedGrid } from "../../src/format/matrix-grid";
import { activeTogether, together } from "../../src/format/measures";
import { namesOfMatrices, shortNames, shortNamesIn } from "../../src/format/matrix-names";

const modules = (...names: readonly string[]) => ({ modules: names.map((name) => ({ name })) });
const expert = (e: number) => [`mlp.experts.${e}.gate_proj`, `mlp.experts.${e}.down_proj`];
const mixture = {
  layers: [
    modules("self_attn.q_proj", "mlp.gate_proj", "mlp.down_proj"),
    modules("self_attn.q_proj", "mlp.gate", ...expert(0), ...expert(1), ...expert(2)),
  ],
};

test("all experts' matrices of one name are one column, those of layers without experts others", () => {
  const grid = groupedGrid(mixture);
  expect(grid.titles).toEqual(["q", "mlp.gate_proj", "down", "mlp.gate", "gate ×3", "down ×3"]);
  expect(grid.modulesAt({ row: 1, column: 4 })).toEqual([2, 4, 6]);
  expect(grid.modulesAt({ row: 1, column: 1 })).toEqual([]);
  expect(grid.modulesAt({ row: 0, column: 2 })).toEqual([2]);
  expect([0, 3, 4, 6].map(grid.isGroup)).toEqual([false, false, true, false]);
  expect(grid.columnOf("mlp.experts.2.down_proj")).toBe(5);
  expect(grid.columnOf("mlp.up_proj")).toBe(-1);
  expect(grid.titleOf("mlp.experts.2.down_proj")).toBe("expert 2 down");
});

test("the columns of experts may be of one expert alone", () => {
  const grid = gridOf(mixture, 1);
  expect(grid.titles).toEqual(["q", "mlp.gate_proj", "down", "mlp.gate", "expert 1 gate", "expert 1 down"]);
  expect(grid.modulesAt({ row: 1, column: 4 })).toEqual([4]);
  expect(grid.modulesAt({ row: 1, column: 0 })).toEqual([0]);
  expect(grid.modulesAt({ row: 0, column: 4 })).toEqual([]);
  expect(gridOf(mixture, undefined).titles).toEqual(groupedGrid(mixture).titles);
  expect(expertsIn(mixture)).toEqual([0, 1, 2]);
  expect(expertsIn({ layers: [modules("self_attn.q_proj")] })).toEqual([]);
});

test("a matrix has one name in all layers, which no other one of the model has", () => {
  const shortName = shortNamesIn(mixture.layers);
  expect(["mlp.gate", "mlp.gate_proj", "mlp.experts.2.gate_proj", "mlp.other"].map(shortName)).toEqual([
    "mlp.gate",
    "mlp.gate_proj",
    "expert 2 gate",
    "mlp.other",
  ]);
});

test("the number of an expert may stand at the end", () => {
  const grid = groupedGrid({
    layers: [modules("block_sparse_moe.router.layer", ...[0, 1].map((e) => `block_sparse_moe.input_linear.${e}`))],
  });
  expect(grid.titles).toEqual(["router.layer", "input_linear ×2"]);
  expect(grid.titleOf("block_sparse_moe.input_linear.1")).toBe("expert 1 input_linear");
});

test("without experts the columns are those of the grid of matrices", () => {
  const dense = { layers: [modules("self_attn.q_proj", "mlp.down_proj"), modules("mlp.down_proj", "conv.in_proj")] };
  expect(groupedGrid(dense).titles).toEqual(shortNames(namesOfMatrices(dense.layers)));
});

test("names of hundreds of experts are found in no time", () => {
  const names = Array.from({ length: 512 }, (_, e) => expert(e)).flat();
  const before = performance.now();
  expect(shortNames(names)[3]).toBe("expert 1 down");
  expect(performance.now() - before).toBeLessThan(100);
});

test("matrices together: sums add up, norms by their squares, and the strongest weight is that of the strongest", () => {
  const [a, b] = [
    { parameters: 10, sum: 2, l2: 3, max: 1 },
    { parameters: 30, sum: 1, l2: 4, max: 2 },
  ];
  expect(together([a, b])).toEqual({ parameters: 40, sum: 3, l2: 5, max: 2 });
  const [few, many] = [
    { active: 5, parameters: 10 },
    { active: 1, parameters: 30 },
  ];
  expect(activeTogether([few, many])).toEqual({ active: 6, parameters: 40, density: 0.15 });
  expect(activeTogether([])).toEqual({ active: 0, parameters: 0, density: 0 });
});
