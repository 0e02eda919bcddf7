import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blockOf, type Architecture } from "../../../../src/engine/model/architectures/architecture";
import { BlockBuilder } from "../../../../src/engine/model/architectures/block-builder";
import { architectureOf, supportedArchitectures } from "../../../../src/engine/model/architectures/registry";
import type { Config } from "../../support/model-copy";
import { fixtureNames, fixturePath } from "../../support/reference";

const configOf = (fixture: string): Config =>
  JSON.parse(readFileSync(join(fixturePath(fixture), "config.json"), "utf8")) as Config;

function of(fixture: string, changes: Config = {}): Architecture {
  return architectureOf({ ...configOf(fixture), ...changes }, fixture);
}

/** Where the last rows are of heads of another size, which are not told apart: the rows before them. */
const WITHOUT_HEADS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "qwen3_5-multimodal": { "linear_attn.in_proj_qkv": 64 },
  "qwen3_5_moe-published": { "linear_attn.in_proj_qkv": 64 },
};

/** What each layer sees and turns: `all`, or its window, and `still` where it leaves positions alone. */
const kindsOf = ({ layers, layer }: Architecture): string[] =>
  Array.from({ length: layers }, (_, index) => {
    const { window, rotary = true } = layer(index);
    return `${window ?? "all"}${rotary ? "" : " still"}`;
  });

test("every supported architecture has a fixture", () => {
  const types = new Set(fixtureNames.map((fixture) => configOf(fixture).model_type));
  expect([...types].sort()).toEqual([...supportedArchitectures].sort());
});

test("the documentation and the README list every supported architecture, and no other", () => {
  // formats of weights have a table of their own
  const [page] = readFileSync("docs/architectures.md", "utf8").split("## Formats of weights");
  const table = page.matchAll(/^\| `(?!model_type)(\w+)` +\|/gm);
  expect([...table].map(([, name]) => name).sort()).toEqual([...supportedArchitectures].sort());
  const list = /Architectures:\s+([^:]+):/.exec(readFileSync("README.md", "utf8"))?.[1] ?? "";
  expect(list.split(/,\s+/).sort()).toEqual([...supportedArchitectures].sort());
});

test("the documentation says of sixty families which of them open, as the registry has it", () => {
  const page = readFileSync("docs/architectures.md", "utf8");
  const [section] = page.split("## What people bring")[1].split("\n## ");
  const rows = Array.from(
    section.matchAll(/^\| .+ \| `(\w+)` +\| (opens|refused by name) +\|$/gm),
    ([, type, said]) => ({
      type,
      said,
    }),
  );
  expect(new Set(rows.map(({ type }) => type)).size).toBe(60);
  for (const { type, said } of rows)
    expect({ type, said }).toEqual({ type, said: supportedArchitectures.includes(type) ? "opens" : "refused by name" });
  const open = rows.filter(({ said }) => said === "opens").length;
  expect(section).toContain(`${open} of 60 open`);
});

/** A block of each kind that a fixture has, with the sizes of its tensors. */
function blocksOf(fixture: string) {
  const architecture = of(fixture);
  const layers = Array.from({ length: architecture.layers }, (_, layer) => blockOf(architecture, layer));
  return [...new Set(layers)].map((block) => {
    const [all, some] = [false, true].map((selected) => {
      const b = new BlockBuilder(architecture.hiddenSize, selected);
      return { output: block.compute(b), weights: b.weights };
    });
    const { count, compute, nameOf } = block.experts ?? { count: 0 };
    const own = new BlockBuilder(architecture.hiddenSize, false);
    compute?.(own, own.hidden);
    const ofExperts = own.weights.flatMap(({ name, shape }) => {
      const dot = name.lastIndexOf(".");
      return Array.from(
        { length: count },
        (_, expert) => [`${nameOf?.(name.slice(0, dot), expert)}${name.slice(dot)}`, shape] as const,
      );
    });
    const ofBlock = all.weights.map(({ name, shape }) => [name, shape] as const);
    return { block, all, some, shapes: new Map([...ofBlock, ...ofExperts]) };
  });
}

describe.each(fixtureNames)("%s", (fixture) => {
  test("asks for the same weights whether all positions or some are wanted", () => {
    const { hiddenSize } = of(fixture);
    for (const { all, some } of blocksOf(fixture)) {
      expect(all.weights.map(({ name }) => name).sort()).toEqual(some.weights.map(({ name }) => name).sort());
      expect(all.output.shape).toEqual(["batch", "tokens", hiddenSize]);
      expect(some.output.shape).toEqual(["batch", "queries", hiddenSize]);
    }
  });

  test("lays out heads and parts within their matrices, each row in one part", () => {
    for (const { block, shapes } of blocksOf(fixture)) {
      const { heads, fused = {} } = block;
      for (const [name, { axis, size, parts }] of Object.entries(heads)) {
        const [out, width] = shapes.get(`${name}.weight`) ?? [];
        const lines = parts.flatMap(({ from, stride, count }) =>
          Array.from({ length: count * size }, (_, i) => from + Math.floor(i / size) * stride + (i % size)),
        );
        const all = Array.from({ length: axis === "rows" ? out : width }, (_, i) => i);
        const most = WITHOUT_HEADS[fixture]?.[name] ?? all.length;
        expect(lines.sort((x, y) => x - y)).toEqual(all.slice(0, most));
      }
      for (const [name, parts] of Object.entries(fused)) {
        const [out] = shapes.get(`${name}.weight`) ?? [];
        const rows = parts.flatMap(({ rows: ranges }) =>
          ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)),
        );
        expect(rows.sort((x, y) => x - y)).toEqual(Array.from({ length: out }, (_, i) => i));
      }
    }
  });
});

/** What the layers' blocks have in the place of attention: their first matrix that is not the feed-forward's. */
const mixersOf = (architecture: Architecture): string[] =>
  Array.from({ length: architecture.layers }, (_, layer) => {
    const b = new BlockBuilder(architecture.hiddenSize, false);
    blockOf(architecture, layer).compute(b);
    const [first] = b.weights.filter(({ name }) => /^(self_attn|conv|linear_attn)\./.test(name));
    return first.name.split(".")[0];
  });

describe("layers mix tokens", () => {
  const [attention, conv, linear] = ["self_attn", "conv", "linear_attn"];
  test.each<[string, string, Config, string[]]>([
    ["LFM2 as layer_types says", "lfm2", {}, [conv, attention, conv, attention]],
    [
      "LFM2 as its first configurations say",
      "lfm2",
      { layer_types: undefined, full_attn_idxs: [2] },
      [conv, conv, attention, conv],
    ],
    ["LFM2 that does not say", "lfm2", { layer_types: undefined }, [attention, attention, attention, attention]],
    [
      "Qwen3.5: all but every fourth by a delta rule",
      "qwen3_5",
      { layer_types: undefined },
      [linear, linear, linear, attention],
    ],
    [
      "Qwen3.5 with another interval",
      "qwen3_5",
      { layer_types: undefined, full_attention_interval: 2 },
      [linear, attention, linear, attention],
    ],
  ])("%s", (_, fixture, changes, expected) => {
    expect(mixersOf(of(fixture, changes))).toEqual(expected);
  });
});

test("Gemma 4's last layers borrow of the last of their kind that has keys and values of its own", () => {
  const { layers, layer } = of("gemma4-multimodal");
  const lenders = Array.from({ length: layers }, (_, index) => layer(index).borrowsFrom);
  expect(lenders).toEqual([undefined, undefined, undefined, undefined, 2, 3]);
});

describe("layers differ", () => {
  const six = (kinds: string): string[] => kinds.split(",");

  test.each<[string, string, Config, string]>([
    ["LLaMA: none slides", "llama", {}, "all,all,all,all,all,all"],
    ["Mistral: all slide", "mistral", { sliding_window: 5, layer_types: undefined }, "5,5,5,5,5,5"],
    ["Mistral without a window", "mistral", { sliding_window: null }, "all,all,all,all,all,all"],
    ["Mistral that does not say", "mistral", { sliding_window: undefined }, "4096,4096,4096,4096,4096,4096"],
    ["Gemma 2: every other, from the first", "gemma2", { layer_types: undefined }, "8,all,8,all,8,all"],
    ["Gemma 3: all but every sixth", "gemma3", { layer_types: undefined }, "8,8,8,8,8,all"],
    [
      "Gemma 3 with another pattern",
      "gemma3",
      { layer_types: undefined, sliding_window_pattern: 3 },
      "8,8,all,8,8,all",
    ],
    ["Qwen2 does not slide unless it says so", "qwen2", { sliding_window: 4 }, "all,all,all,all,all,all"],
    [
      "Qwen2 slides from a layer on",
      "qwen2",
      { use_sliding_window: true, sliding_window: 4, max_window_layers: 4, layer_types: undefined },
      "all,all,all,all,4,4",
    ],
    [
      "SmolLM3: every fourth leaves positions alone",
      "smollm3",
      { no_rope_layers: undefined },
      "all,all,all,all still,all,all",
    ],
    [
      "SmolLM3 slides where it leaves positions alone",
      "smollm3",
      { use_sliding_window: true, sliding_window: 5, no_rope_layers: undefined, layer_types: undefined },
      "all,all,all,5 still,all,all",
    ],
    [
      "SmolLM3 with its own list",
      "smollm3",
      { no_rope_layers: [0, 1, 1, 1, 1, 0] },
      "all still,all,all,all,all,all still",
    ],
    [
      "what layer_types says goes before the rule",
      "gemma2",
      {
        layer_types: [
          "full_attention",
          "full_attention",
          "sliding_attention",
          "full_attention",
          "full_attention",
          "sliding_attention",
        ],
      },
      "all,all,8,all,all,8",
    ],
    ["OLMo 3: all but every fourth", "olmo3", { layer_types: undefined }, "8,8,8,all"],
    [
      "Command R7B: all but every fourth slide, and the others leave positions alone",
      "cohere2",
      { layer_types: undefined },
      "8,8,8,all still",
    ],
    [
      "Command R7B with another pattern",
      "cohere2",
      { layer_types: undefined, sliding_window_pattern: 2 },
      "8,all still,8,all still",
    ],
    ["EXAONE 4 likewise", "exaone4", { layer_types: undefined }, "8,8,8,all still"],
    [
      "EXAONE 4 without a window turns everywhere",
      "exaone4",
      { sliding_window: null, layer_types: new Array<string>(4).fill("full_attention") },
      "all,all,all,all",
    ],
    ["StarCoder2: all slide", "starcoder2", {}, "8,8,8,8"],
    ["Gemma 3 with vision as without", "gemma3-multimodal", {}, "8,8,8,8"],
    ["Gemma 4: all but every sixth, and the last", "gemma4", { layer_types: undefined }, "8,8,8,all"],
    [
      "Gemma 4: the last sees all, whatever is said",
      "gemma4",
      { layer_types: new Array<string>(4).fill("sliding_attention") },
      "8,8,8,all",
    ],
  ])("%s", (_, fixture, changes, expected) => {
    expect(kindsOf(of(fixture, changes))).toEqual(six(expected));
  });
});
