import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openModel, type Model } from "../../../src/engine/model/model";
import { StatisticsReducer } from "../../../src/engine/sweep/reducers/statistics";
import { Deviations } from "../support/deviations";
import { ModelCopy, type Config, type StoredTensor } from "../support/model-copy";
import { measuresOf } from "../support/reference-values";
import { sampleOf } from "../support/samples";
import { swept } from "../support/sweeping";

type Measures = readonly [sum: number, l2: number, max: number];

interface Configured {
  /** Whose tokenizer it takes. */
  readonly fixture: string;
  readonly config: Config & { readonly model_type: string };
  /** Shapes by name; `*` stands for a layer's number. */
  readonly tensors: Readonly<Record<string, readonly number[]>>;
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
    const copy = await ModelCopy.made(one.fixture, one.config, tensorsOf(one));
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

function tensorsOf({ config, tensors, layers }: Configured): Map<string, StoredTensor> {
  const isGemma = config.model_type.startsWith("gemma");
  const filled = new Map<string, StoredTensor>();
  for (const [pattern, shape] of Object.entries(tensors))
    for (const layer of pattern.includes("*") ? layers.keys() : [0]) {
      const name = pattern.replace("*", String(layer));
      const values = weightsOf(name, shape, isGemma);
      filled.set(name, { dtype: "F32", shape: [...shape], bytes: new Uint8Array(values.buffer) });
    }
  return filled;
}

/** The formula of `weights` in the program. */
function weightsOf(name: string, shape: readonly number[], isGemma: boolean): Float32Array {
  const seed = Array.from(name).reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193), 0x811c9dc5);
  const scale = /emb|wte|wpe/.test(name) ? 1 : 1.5 / Math.sqrt(shape.at(-1) ?? 1);
  const base = name.endsWith(".weight") && !isGemma ? 1 : 0;
  return Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => {
    let x = Math.imul(i, 0x9e3779b1) + seed;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    x ^= x >>> 16;
    const uniform = (x >>> 8) / 2 ** 23 - 1;
    return shape.length > 1 ? uniform * scale : 0.3 * uniform + base;
  });
}
