import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openModel } from "../../../src/engine/model/model";
import { StatisticsReducer } from "../../../src/engine/sweep/reducers/statistics";
import { convertedFixtures, convertToGguf } from "../support/convert-to-gguf";
import { Deviations } from "../support/deviations";
import { ModelCopy, type Config } from "../support/model-copy";
import { fixtureReference, type ReferenceMeasures } from "../support/reference";
import { measuresOf } from "../support/reference-values";
import { samplesOf } from "../support/samples";
import { swept } from "../support/sweeping";

/**
 * Every fixture that llama.cpp has the architecture of, converted as llama.cpp converts it, has the values that PyTorch has of the folder: ids,
 * targets, and sum, L2 and maximum of every matrix for every text. `formats/gguf-conversions.test.ts` holds the tensors against the folder's; here is
 * what the metadata stand for.
 */
const folder = mkdtempSync(join(tmpdir(), "paramscope-gguf-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the converter does not write of a fixture: these are compared with folders that do not say it either. */
const UNSAID: Readonly<Record<string, (config: Config) => Config>> = {
  mistral: (config) => ({ ...config, sliding_window: null }),
  olmoe: (config) => ({ ...config, clip_qkv: null }),
  starcoder2: (config) => ({ ...config, sliding_window: 4096 }),
  "llama-dynamic": (config) => ({ ...config, rope_parameters: { rope_type: "default", rope_theta: 10000 } }),
};

interface Values {
  readonly ids: readonly (readonly number[])[];
  /** By what they are of: a text's target, or a measure of a matrix for a text. */
  readonly numbers: ReadonlyMap<string, number>;
}

test.each(convertedFixtures)("%s", async (fixture) => {
  const path = join(folder, `${fixture}.gguf`);
  writeFileSync(path, (await convertToGguf(fixture)).file);
  const own = await valuesOf(path, fixture);
  const expected = await folderValues(fixture);
  expect(own.ids).toEqual(expected.ids);
  expect([...own.numbers.keys()].sort()).toEqual([...expected.numbers.keys()].sort());
  const deviations = new Deviations();
  for (const [of, value] of expected.numbers)
    deviations.relative(of.split(" ")[0], own.numbers.get(of) ?? NaN, value, of);
  expect(deviations.beyond).toEqual([]);
});

async function folderValues(fixture: string): Promise<Values> {
  if (!Object.hasOwn(UNSAID, fixture)) return referenceValues(fixture);
  const copy = await ModelCopy.of(fixture, { config: UNSAID[fixture] });
  try {
    return await valuesOf(copy.path, fixture);
  } finally {
    await copy.remove();
  }
}

function referenceValues(fixture: string): Values {
  const { tokens, samples } = fixtureReference(fixture);
  const numbers = new Map<string, number>();
  samples.forEach(({ targetValue, layers }, i) => {
    numbers.set(`target of text ${i}`, targetValue);
    layers.forEach((modules, layer) => {
      for (const [name, measures] of Object.entries(modules))
        add(numbers, `text ${i}, layer ${layer}, ${name}`, measures);
    });
  });
  return { ids: tokens, numbers };
}

async function valuesOf(path: string, fixture: string): Promise<Values> {
  const model = await openModel(path);
  try {
    const samples = samplesOf(fixtureReference(fixture), model);
    const statistics = new StatisticsReducer(model.definition);
    const units = [{ sets: samples.map((_, i) => [i]) }];
    const { heads } = await swept({ model, samples, units, reducers: [statistics] });
    const numbers = new Map(heads.map(({ value }, i) => [`target of text ${i}`, value]));
    for (const i of samples.keys())
      for (let layer = 0; layer < model.layers; layer++)
        for (const [name, ofModule] of statistics.layer(layer, 0, i))
          add(numbers, `text ${i}, layer ${layer}, ${name}`, measuresOf(ofModule));
    return { ids: samples.map(({ ids }) => [...ids]), numbers };
  } finally {
    await model.close();
  }
}

function add(numbers: Map<string, number>, of: string, measures: ReferenceMeasures): void {
  for (const measure of ["sum", "l2", "max"] as const) numbers.set(`${measure} of ${of}`, measures[measure]);
}
