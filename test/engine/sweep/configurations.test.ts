import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openModel, type Model } from "../../../src/engine/model/model";
import { StatisticsReducer } from "../../../src/engine/sweep/reducers/statistics";
import { Deviations } from "../support/deviations";
import { filledTensors, type ShapePatterns } from "../support/formula-weights";
import { ModelCopy, type Config } from "../support/model-copy";
import { measuresOf } from "../support/reference-values";
import { sampleOf } from "../support/samples";
import { swept } from "../support/sweeping";

type Measures = readonly [sum: number, l2: number, max: number];

interface Configured {
  /** Whose tokenizer it takes. */
  readonly fixture: string;
  readonly config: Config & { readonly model_type: string };
  readonly tensors: ShapePatterns;
  readonly ids: readonly number[];
  readonly value: number;
  readonly token: number;
  readonly layers: readonly Readonly<Record<string, Measures>>[];
}

/** test/reference/make_configurations.py: transformers, in float64. */
const all = JSON.parse(readFileSync("test/reference/configurations.json", "utf8")) as Configured[];
/** What float32 makes of such a model differs by less (in PyTorch by 2e-5 at most). */
const TOLERANCE = 2e-4;

const named = all.map((one, i) => [`${one.config.model_type} ${i + 1}`, one] as const);

describe("a model with unusual options", () => {
  test.each(named)("gives PyTorch's values: %s", async (_, one) => {
    const { model_type: type } = one.config;
    const isGemma = type.startsWith("gemma") && type !== "gemma4_text";
    const tensors = filledTensors(one.tensors, one.layers.length, isGemma);
    const copy = await ModelCopy.made(one.fixture, one.config, tensors);
    const model = await openModel(copy.path);
    try {
      await agrees(model, one);
    } finally {
      await model.close();
      await copy.remove();
    }
  });
});

async function agrees(model: Model, { ids, value, token, layers }: Configured): Promise<void> {
  const statistics = new StatisticsReducer(model.definition);
  const [head] = (await swept({ model, samples: [sampleOf(ids)], units: [{ sets: [[0]] }], reducers: [statistics] }))
    .heads;
  expect(head.token).toBe(token);
  const deviations = new Deviations();
  deviations.relative("logit", head.value, value, "", TOLERANCE);
  layers.forEach((modules, layer) => {
    const own = statistics.layer(layer, 0, 0);
    expect([...own.keys()].sort()).toEqual(Object.keys(modules).sort());
    for (const [name, ofModule] of own) {
      const { sum, l2, max } = measuresOf(ofModule);
      for (const [i, [measure, actual]] of Object.entries({ sum, l2, max }).entries())
        deviations.relative(measure, actual, modules[name][i], `layer ${layer}, ${name}`, TOLERANCE);
    }
  });
  expect(deviations.beyond).toEqual([]);
}
