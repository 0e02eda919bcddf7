import { beforeAll, describe, expect, test } from "vitest";
import type { Architecture } from "../../../../src/engine/model/architectures/architecture";
import type { ScoredModule } from "../../../../src/engine/model/model";
import { binOf } from "../../../../src/engine/sweep/reducers/histogram";
import { StatisticsReducer, type ModuleStatistics } from "../../../../src/engine/sweep/reducers/statistics";
import { definitionOf, hand, moduleNamed, randomScores } from "../../support/tiles";

const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

/** Sums are carried in float32 over some hundred values. */
const expectSum = (sum: number | undefined, expected: number): void => {
  expect(Math.abs((sum ?? NaN) - expected)).toBeLessThanOrEqual(2e-7 * Math.abs(expected));
};

const fused: readonly [string, string, readonly string[]][] = [
  ["gpt2", "attn.c_attn", ["q", "k", "v"]],
  ["gpt_neox", "attention.query_key_value", ["q", "k", "v"]],
  ["phi3", "self_attn.qkv_proj", ["q", "k", "v"]],
  ["phi3", "mlp.gate_up_proj", ["gate", "up"]],
];

describe.each<[string, string, readonly (string | undefined)[]]>([
  ...fused,
  ["llama", "self_attn.q_proj", [undefined]],
  ["llama", "self_attn.o_proj", [undefined]],
  ["llama", "mlp.down_proj", [undefined]],
])("statistics in %s of %s", (fixture, name, parts) => {
  let architecture: Architecture;
  let module: ScoredModule;
  let scores: Float32Array;
  let weights: Float32Array;
  let statistics: ModuleStatistics;

  beforeAll(async () => {
    const definition = await definitionOf(fixture);
    architecture = definition.architecture;
    module = moduleNamed(definition.modules, name);
    scores = randomScores(1, module);
    weights = randomScores(2, module).map((weight, i) => (i % 2 === 0 ? weight : -weight));
    const reducer = new StatisticsReducer(architecture);
    const other = randomScores(3, module);
    // a height that splits heads and parts
    hand(reducer, { layer: 3, module, unit: 2, scores: [other, scores], weights }, 7);
    const found = reducer.layer(3, 2, 1).get(name);
    if (found === undefined) throw new Error("the matrix has no statistics");
    statistics = found;
  });

  const rowOf = (i: number): number => Math.floor(i / module.in);

  test("are of its parts, which add up to the whole", () => {
    expect(statistics.parts.map((part) => part.name)).toEqual(parts);
    expect(total(statistics.parts.map((part) => part.parameters))).toBe(scores.length);
    expectSum(total(statistics.parts.map((part) => part.sum)), total(scores));
    expectSum(statistics.sum, total(scores));
    expectSum(total(statistics.parts.map((part) => part.sumOfSquares)), total(Float64Array.from(scores, (x) => x * x)));
    expect(Math.max(...statistics.parts.map((part) => part.max))).toBe(Math.max(...scores));
    expect(total(statistics.parts.map((part) => part.zeros))).toBe(scores.filter((score) => score === 0).length);
  });

  test("are right of every part", () => {
    statistics.parts.forEach((part, index) => {
      const own = scores.filter((_, i) => statistics.partOf[rowOf(i)] === index);
      expect(part.parameters).toBe(own.length);
      expectSum(part.sum, total(own));
      expect(part.max).toBe(Math.max(...own));
      expect(part.zeros).toBe(own.filter((score) => score === 0).length);
      const counts = new Map<number, number>();
      for (const score of own) counts.set(binOf(score), (counts.get(binOf(score)) ?? 0) + 1);
      for (const [bin, count] of counts) expect(part.counts[bin - part.firstBin]).toBe(count);
      expect(total(part.counts)).toBe(own.length);
    });
  });

  test("have sums of rows and columns", () => {
    const rows = new Float64Array(module.out);
    const columns = new Float64Array(module.in);
    scores.forEach((score, i) => {
      rows[rowOf(i)] += score;
      columns[i % module.in] += score;
    });
    rows.forEach((sum, row) => {
      expectSum(statistics.rows[row], sum);
    });
    columns.forEach((sum, column) => {
      expectSum(statistics.columns[column], sum);
    });
  });

  test("have sums of heads that add up, where there are heads", () => {
    const layout = architecture.block.heads[name];
    const heads = statistics.heads(layout);
    if (layout === undefined) expect(heads).toEqual([]);
    else expectSum(total(heads.map(({ sum }) => sum)), total(scores));
    for (const part of statistics.parts.filter(({ name: of }) => of !== undefined && layout !== undefined)) {
      const own = heads.filter((head) => head.part === part.name);
      expectSum(total(own.map(({ sum }) => sum)), part.sum);
    }
  });

  test("have the strongest parameters, with their weights", () => {
    const expected = Array.from(scores, (value, i) => ({
      row: rowOf(i),
      column: i % module.in,
      value,
      weight: weights[i],
    }))
      .sort((a, b) => b.value - a.value)
      .slice(0, 10);
    expect(statistics.strongest).toHaveLength(10);
    expect(statistics.strongest).toMatchObject(expected);
  });
});

test("rows of fused matrices belong to their parts: heads interleave in GPT-NeoX, and stand one after the other elsewhere", async () => {
  for (const [fixture, name, parts] of fused) {
    const { architecture, modules } = await definitionOf(fixture);
    const module = moduleNamed(modules, name);
    const reducer = new StatisticsReducer(architecture);
    hand(reducer, { module, scores: [randomScores(1, module)] });
    const partOf = [...(reducer.layer(0).get(name)?.partOf ?? [])];
    const changes = partOf.filter((part, row) => row > 0 && part !== partOf[row - 1]).length;
    expect(changes + 1).toBe(fixture === "gpt_neox" ? parts.length * architecture.queryHeads : parts.length);
  }
});

test("a layer that has not been swept is an error", async () => {
  const { architecture } = await definitionOf("llama");
  expect(() => new StatisticsReducer(architecture).layer(2)).toThrow("layer 2 has not been swept");
});
