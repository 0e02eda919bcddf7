import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modulesAt, openModel, type Model } from "../../../src/engine/model/model";
import { UnitFilter } from "../../../src/engine/sweep/reducers/filter";
import { ProductReducer } from "../../../src/engine/sweep/reducers/products";
import type { Unit } from "../../../src/engine/sweep/reducers/reducer";
import { StatisticsReducer } from "../../../src/engine/sweep/reducers/statistics";
import { TopSetReducer } from "../../../src/engine/sweep/reducers/top-sets";
import type { Sample } from "../../../src/engine/text/sample";
import { overlapOf } from "../../../src/engine/numbers/overlap";
import { Deviations } from "../support/deviations";
import { fixturePath, fixtureReference } from "../support/reference";
import { measuresOf } from "../support/reference-values";
import { samplesOf } from "../support/samples";
import type { ResumePoint } from "../../../src/engine/sweep/sweep";
import { stepwise, swept, type SweepSettings } from "../support/sweeping";

/** What batching, tiles, threads and memory may change, relative. */
const TOLERANCE = 1e-5;

type Settings = Omit<SweepSettings, "model" | "samples" | "units" | "reducers">;

/** Numbers of a run by what they are. */
type Figures = ReadonlyMap<string, number>;

/** Each sample alone, the mean of all, and the first two against the others. */
function unitsOf(samples: readonly Sample[]): Unit[] {
  const all = samples.map((_, i) => i);
  return [{ sets: all.map((sample) => [sample]) }, { sets: [all] }, { sets: [all.slice(0, 2), all.slice(2)] }];
}

async function figuresOf(
  model: Model,
  samples: readonly Sample[],
  settings: Settings = {},
  units: readonly Unit[] = unitsOf(samples),
): Promise<Figures> {
  const statistics = new StatisticsReducer(model.definition);
  const pair: [number, number] = [0, 1];
  const products = new ProductReducer(model.definition, [pair]);
  const top = new TopSetReducer(0.1, [pair]);
  const twoSets = (unit: number): boolean => units[unit].sets.length > 1;
  const { heads, saliency } = await swept({
    model,
    samples,
    units,
    reducers: [statistics, new UnitFilter(products, twoSets), new UnitFilter(top, twoSets)],
    ...settings,
  });

  const figures = new Map<string, number>();
  heads.forEach(({ value, probability }, sample) => {
    figures.set(`value, sample ${sample}`, value);
    if (probability !== undefined) figures.set(`probability, sample ${sample}`, probability);
  });
  saliency.forEach((ofSample, sample) => {
    // signed: a token's may be near 0 beside the others
    figures.set(`saliency, sample ${sample}`, Math.hypot(...ofSample));
  });
  for (let layer = 0; layer < model.layers; layer++)
    units.forEach((unit, u) => {
      unit.sets.forEach((_, set) => {
        for (const [name, module] of statistics.layer(layer, u, set)) {
          const where = `unit ${u}, set ${set}, layer ${layer}, ${name}`;
          const measures = measuresOf(module);
          for (const measure of ["sum", "l2", "max"] as const) figures.set(`${measure}, ${where}`, measures[measure]);
          figures.set(`rows, ${where}`, Math.hypot(...module.rows));
          figures.set(`columns, ${where}`, Math.hypot(...module.columns));
        }
      });
      if (!twoSets(u)) return;
      for (const { name } of modulesAt(model, layer)) {
        const where = `unit ${u}, layer ${layer}, ${name}`;
        figures.set(`similarity, ${where}`, products.module(layer, name, 0, u).total.similarity);
        const [overlap] = top.overlaps(layer, name, u);
        // one parameter at the edge of a top set is no deviation of the figures
        figures.set(`overlap, ${where}`, Math.round(100 * overlapOf(overlap)));
      }
    });
  return figures;
}

function expectSame(actual: Figures, expected: Figures): void {
  const deviations = new Deviations();
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  for (const [name, value] of expected) {
    const [kind] = name.split(",");
    const given = actual.get(name) ?? NaN;
    if (kind === "overlap") deviations.absolute(kind, given, value, name, 1);
    else deviations.relative(kind, given, value, name, TOLERANCE);
  }
  expect(deviations.beyond).toEqual([]);
}

// grouped queries and two kinds of layers; fused matrices; tied head and learned positions; blocks of several kinds, with sizes of their own
describe.each(["gemma3", "phi3", "gpt2", "lfm2", "qwen3_5", "gemma4-multimodal"])(
  "what a sweep through %s says does not depend on",
  (name) => {
    let model: Model;
    let samples: Sample[];
    let usual: Figures;

    beforeAll(async () => {
      model = await openModel(fixturePath(name));
      samples = samplesOf(fixtureReference(name), model);
      usual = await figuresOf(model, samples);
    });

    afterAll(async () => {
      await model.close();
    });

    test.each<[string, Settings]>([
      ["batches: every sample alone", { positions: 1 }],
      ["batches: as many as fit, padded", { positions: 170 }],
      ["the size of tiles: single rows", { tileBytes: 1 }],
      ["the size of tiles: some rows", { tileBytes: 20_000 }],
      ["threads", { runtime: { threads: 2 } }],
      ["where checkpoints are kept", { spill: true }],
      ["whether anything is held between the ways", { holds: false }],
      ["all of it together", { positions: 100, tileBytes: 9_000, runtime: { threads: 2 }, spill: true }],
    ])("%s", async (_, settings) => {
      expectSame(await figuresOf(model, samples, settings), usual);
    });

    test("the order of samples", async () => {
      const order = [2, 0, 3, 1];
      const placeOf = (sample: number): number => order.indexOf(sample);
      const units = unitsOf(samples).map(({ sets }) => ({ sets: sets.map((set) => set.map(placeOf)) }));
      const turned = await figuresOf(
        model,
        order.map((sample) => samples[sample]),
        {},
        units,
      );
      // figures of heads are told per sample, in the order in which they came
      const back = [...turned].map(([figure, value]): [string, number] => [
        figure.replace(/, sample (\d)$/, (_, place: string) => `, sample ${order[Number(place)]}`),
        value,
      ]);
      const byName = new Map(back);
      expectSame(new Map([...usual.keys()].map((figure) => [figure, byName.get(figure) ?? NaN])), usual);
    });

    test("what else is swept along", async () => {
      const alone = await figuresOf(model, samples.slice(2), {}, [{ sets: [[0, 1]] }]);
      const within = new Map(
        [...alone.keys()]
          .filter((figure) => figure.includes("unit 0"))
          .map((figure) => [figure, usual.get(figure.replace("unit 0, set 0", "unit 2, set 1")) ?? NaN]),
      );
      expect(within.size).toBeGreaterThan(0);
      expectSame(new Map([...within.keys()].map((figure) => [figure, alone.get(figure) ?? NaN])), within);
    });

    test.each([{ kind: "loss" }, { kind: "next-token", position: 7 }] as const)(
      "batches and tiles with the target $kind",
      async (target) => {
        const expected = await figuresOf(model, samples, { target, positions: 1 });
        expectSame(await figuresOf(model, samples, { target, positions: 400, tileBytes: 15_000 }), expected);
      },
    );

    test("where it was taken up again", async () => {
      const units = [{ sets: samples.map((_, i) => [i]) }];
      const sumsOf = (statistics: StatisticsReducer, layer: number): [string, number][] =>
        samples.flatMap((_, set) =>
          [...statistics.layer(layer, 0, set)].map(([name, module]): [string, number] => [
            `sum, set ${set}, layer ${layer}, ${name}`,
            measuresOf(module).sum,
          ]),
        );
      const whole = new StatisticsReducer(model.definition);
      const points: ResumePoint[] = [];
      for await (const step of stepwise({ model, samples, units, reducers: [whole], positions: 100 }))
        if (step.phase === "backward" && step.layer > 0) points.push(structuredClone(step.resumePoint()));
      for (const from of points) {
        const statistics = new StatisticsReducer(model.definition);
        // in other batches than before
        await swept({ model, samples, units, reducers: [statistics], from });
        const layers = Array.from({ length: from.layer }, (_, layer) => layer);
        const [own, expected] = [statistics, whole].map((of) => new Map(layers.flatMap((layer) => sumsOf(of, layer))));
        expectSame(own, expected);
      }
    });

    test("tokens behind the last position that the target reads", async () => {
      const target = { kind: "next-token", position: 5 } as const;
      const cut = samples.map((sample) => ({
        ...sample,
        ids: sample.ids.slice(0, 6),
        starts: sample.starts.slice(0, 6),
        ends: sample.ends.slice(0, 6),
      }));
      const whole = await figuresOf(model, samples, { target });
      expectSame(await figuresOf(model, cut, { target }), whole);
    });
  },
);
