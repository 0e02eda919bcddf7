import { afterAll, beforeAll, expect, test } from "vitest";

import { TextSamples } from "../../../src/engine/compare/text-samples";
import { openModel, type Model } from "../../../src/engine/model/model";
import { modulesAt, requiredNeurons } from "../../../src/engine/model/model";
import { openRuntime } from "../../../src/engine/runtime/open-runtime";
import { Profiler } from "../../../src/engine/sweep/profiler";
import type { Reducer } from "../../../src/engine/sweep/reducers/reducer";
import { fixturePath, fixtureReference } from "../support/reference";
import { sampleOf } from "../support/samples";
import { stepwise } from "../support/sweeping";

const fixture = "llama";
let model: Model;

beforeAll(async () => {
  model = await openModel(fixturePath(fixture));
});

afterAll(async () => {
  await model.close();
});

/** All scores of the layer under way, by unit and matrix. */
class Kept implements Reducer {
  readonly scores = new Map<string, Float32Array>();

  tile({ module, unit, from, scores }: Parameters<Reducer["tile"]>[0]): void {
    const key = `${unit}/${module.name}`;
    const all = this.scores.get(key) ?? new Float32Array(module.out * module.in);
    all.set(scores[0], from * module.in);
    this.scores.set(key, all);
  }
}

test.each([64, 1000])("samples are the scores of each text, in batches of %i positions", async (positions) => {
  const texts = fixtureReference(fixture).texts.slice(0, 3);
  const samples = texts.map((text, i) =>
    sampleOf([...model.tokenizer.encode(text, { special: true }).ids], `text ${i}`),
  );
  const kept = new Kept();
  const runtime = await openRuntime({ threads: 1 });
  // sample 1 is swept, and no text of its own
  const textOf = new Map([
    [0, 1],
    [2, 0],
  ]);
  const own = new TextSamples(model, { runtime, profiler: new Profiler() }, textOf, 3);
  const units = samples.map((_, sample) => ({ sets: [[sample]] }));
  let layers = 0;
  const steps = stepwise({ model, samples, units, reducers: [kept], positions, observer: own.observe });
  for (let step = await steps.next(); !step.done; step = await steps.next()) {
    if (step.value.phase !== "backward") continue;
    layers++;
    for (const [sample, text] of textOf) {
      for (const { name, rows, columns, values } of own.matrices) {
        const { in: width } = modulesAt(model, 0).find((module) => module.name === name) ?? { in: NaN };
        const scores = kept.scores.get(`${sample}/${name}`) ?? new Float32Array();
        const expected = rows.flatMap((row) => columns.map((column) => scores[row * width + column]));
        const largest = Math.max(...expected);
        expect(largest).toBeGreaterThan(0);
        expected.forEach((value, i) => {
          expect(Math.abs(values[text][i] - value)).toBeLessThan(1e-5 * largest);
        });
      }
      const { name, in: width } = requiredNeurons(model, 0);
      const scores = kept.scores.get(`${sample}/${name}`) ?? new Float32Array();
      const { rows, sums } = own.neurons;
      sums[text].forEach((sum, neuron) => {
        const expected = rows.reduce((total, row) => total + scores[row * width + neuron], 0);
        expect(Math.abs(sum - expected)).toBeLessThan(1e-5 * Math.max(...sums[text]));
      });
    }
  }
  expect(layers).toBe(model.layers);
  await own.dispose();
});
