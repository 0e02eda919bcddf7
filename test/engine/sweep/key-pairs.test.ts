import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ParamscopeError } from "../../../src/engine/errors";
import type { Node } from "../../../src/engine/graph/graph";
import type { Architecture } from "../../../src/engine/model/architectures/architecture";
import { BlockBuilder } from "../../../src/engine/model/architectures/block-builder";
import { architectureOf } from "../../../src/engine/model/architectures/registry";
import { openModel } from "../../../src/engine/model/model";
import { StatisticsReducer } from "../../../src/engine/sweep/reducers/statistics";
import { lineOf } from "../support/errors";
import { filledTensors, type ShapePatterns } from "../support/formula-weights";
import { ModelCopy, type Config } from "../support/model-copy";
import { measuresOf } from "../support/reference-values";
import { sampleOf } from "../support/samples";
import { swept } from "../support/sweeping";

/** What transformers makes of keys of one meaning that stand side by side: test/reference/make_key_pairs.py, in float64. */
interface KeyPairs {
  readonly ids: readonly number[];
  /** JSON text of keys, in their order. */
  readonly keys: readonly string[];
  readonly architectures: readonly Cases[];
}

interface Cases {
  /** Whose tokenizer it takes. */
  readonly fixture: string;
  readonly base: Config & { readonly model_type: string };
  /** The tensors that a model can have. */
  readonly tensors: readonly TensorTable[];
  readonly results: readonly (Computed | { readonly refused: string })[];
  /** By what the keys say. */
  readonly groups: Readonly<Record<string, readonly Case[]>>;
}

/** Which keys take the place of those in `base`; what transformers makes of them; keys of `base` that are left out. */
type Case = readonly [keys: number, result: number, without?: readonly string[]];

interface TensorTable {
  readonly layers: number;
  readonly shapes: ShapePatterns;
}

interface Computed extends Values {
  readonly tensors: number;
}

interface Values {
  readonly token: number;
  /** The largest logit, and per block the sum of |w · gradient|. */
  readonly values: readonly number[];
}

const { ids, keys, architectures } = JSON.parse(readFileSync("test/reference/key-pairs.json", "utf8")) as KeyPairs;
/** As in configurations.test.ts. */
const TOLERANCE = 2e-4;

/** What transformers computes and we refuse by name: docs/architectures.md says so. */
const refusedByName: readonly RegExp[] = [
  /needs rope scaling 'proportional'/,
  /needs rotary positions on a part of each head/,
  /needs rope settings of single kinds of layers/,
  /turns 0 of \d+ values of a head/,
  /needs the activation function 'linear'/,
  /needs layers of type "mamba"/,
  /has layers that slide in layer_types, and use_sliding_window says that none does/,
  /needs attention scaled by the layer's number/,
  /needs bidirectional attention \(is_causal\)/,
  /needs soft-capped attention \(attn_logit_softcapping\)/,
  // true for 1, a size of 0, a factor below 0, a list for no settings
  /says \w+ (true|0), which is no (size|number)/,
  /says factor -1/,
  /says rope_scaling, which is no object/,
];

/** What transformers refuses and we read, as there is one thing only that it can mean. */
const readByUs: readonly RegExp[] = [
  // JSON.parse does not tell 1 from 1.0
  /expected (float, got int|int, got float)/,
  // longrope's older name, with the context trained with outside, as it was written then
  /Missing required keys in `rope_parameters` for 'rope_type'='longrope'/,
  /with value (\d+|\d+\.0|\[(\d+\.0(, )?)+\]) doesn't match/,
];

describe.each(architectures.map((one) => [one.base.model_type, one] as const))("%s", (_, cases) => {
  const computed = new Map<string, Promise<Values>>();

  test.each(Object.entries(cases.groups))(
    "of keys of one meaning, takes what transformers takes: %s",
    async (_, group) => {
      const wrong: string[] = [];
      for (const one of group) {
        const [text, , without] = one;
        const problem = await problemOf(one);
        if (problem !== undefined)
          wrong.push(`${keys[text]}${without ? ` without ${without.join()}` : ""}: ${problem}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  /** Where we depart from transformers, or undefined. */
  async function problemOf([own, result, without = []]: Case): Promise<string | undefined> {
    const expected = cases.results[result];
    const there = JSON.stringify(expected);
    const text = configText(cases.base, keys[own], without);
    let architecture: Architecture;
    try {
      architecture = architectureOf(JSON.parse(text) as Config, "MODEL");
    } catch (error) {
      if (!(error instanceof ParamscopeError)) return `${String(error)}; transformers: ${there}`;
      if ("refused" in expected || refusedByName.some((pattern) => pattern.test(error.message))) return undefined;
      return `refused: ${lineOf(error)}; transformers: ${there}`;
    }
    if ("refused" in expected)
      return readByUs.some((pattern) => pattern.test(expected.refused)) ? undefined : `read; transformers: ${there}`;
    const key = `${expected.tensors} ${described(architecture)}`;
    const values = computed.get(key) ?? valuesOf(cases, text, expected.tensors);
    computed.set(key, values);
    try {
      return agree(await values, expected) ? undefined : `${JSON.stringify(await values)}; transformers: ${there}`;
    } catch (error) {
      return `${lineOf(error)}; transformers: ${there}`;
    }
  }
});

function configText(base: Config, text: string, without: readonly string[]): string {
  const own = new Set([...Object.keys(JSON.parse(`{${text}}`) as Config), ...without]);
  const shared = JSON.stringify(Object.fromEntries(Object.entries(base).filter(([key]) => !own.has(key))));
  return text === "" ? shared : `${shared.slice(0, -1)},${text}}`;
}

/** All that a model computes by, so that what is the same is computed once. */
function described(architecture: Architecture): string {
  const { layers, layer, hiddenSize, block, rope, ...others } = architecture;
  const kinds = Array.from({ length: layers }, (_, index) => layer(index));
  const ropes = [rope?.full, rope?.sliding].map((one) => one && { ...one, frequencies: [...one.frequencies] });
  const graphs = [true, false].map((selected) => {
    const nodes = new Map<number, unknown>();
    const visit = ({ id, op, inputs, attributes, shape }: Node): void => {
      if (nodes.has(id)) return;
      nodes.set(id, [id, op, inputs.map((input) => input.id), attributes, shape]);
      inputs.forEach(visit);
    };
    visit(block.compute(new BlockBuilder(hiddenSize, selected)));
    return [...nodes.values()];
  });
  return JSON.stringify([kinds, ropes, graphs, hiddenSize, others]);
}

const agree = (one: Values, other: Values): boolean =>
  one.token === other.token &&
  one.values.length === other.values.length &&
  other.values.every((value, i) => Math.abs(one.values[i] - value) <= TOLERANCE * Math.abs(value));

async function valuesOf({ fixture, base, tensors }: Cases, config: string, table: number): Promise<Values> {
  const { shapes, layers } = tensors[table];
  const isGemma = base.model_type.startsWith("gemma");
  const copy = await ModelCopy.made(fixture, {}, filledTensors(shapes, layers, isGemma));
  try {
    await writeFile(join(copy.path, "config.json"), config);
    const model = await openModel(copy.path);
    try {
      const statistics = new StatisticsReducer(model.definition);
      const samples = [sampleOf(ids)];
      const [head] = (await swept({ model, samples, units: [{ sets: [[0]] }], reducers: [statistics] })).heads;
      const sums = Array.from({ length: model.layers }, (_, layer) =>
        [...statistics.layer(layer, 0, 0).values()].reduce((sum, module) => sum + measuresOf(module).sum, 0),
      );
      return { token: head.token ?? -1, values: [head.value, ...sums] };
    } finally {
      await model.close();
    }
  } finally {
    await copy.remove();
  }
}
