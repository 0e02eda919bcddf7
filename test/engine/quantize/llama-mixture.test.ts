import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { openCheckpoint } from "../../../src/engine/model/formats/open";
import type { FormatName } from "../../../src/engine/quantize/formats";
import { llamaMixture, MIXTURES, type MixedModel, type MixedTensor } from "../../../src/engine/quantize/llama-mixture";
import { quantizer } from "../../../src/engine/quantize/quantizer";
import { convertedFixtures, convertToGguf, metadataOf } from "../support/convert-to-gguf";
import { llamaCpp, mixedByLlamaCpp, type MixedByLlamaCpp } from "../support/llama-cpp";
import { ggufFile, type GgufWeights } from "../support/write-gguf";

/** `enum llama_ftype`. */
const FILE_TYPES = {
  Q4_0: 2,
  Q4_1: 3,
  Q8_0: 7,
  Q5_0: 8,
  Q5_1: 9,
  Q2_K: 10,
  Q3_K_S: 11,
  Q3_K_M: 12,
  Q3_K_L: 13,
  Q4_K_S: 14,
  Q4_K_M: 15,
  Q5_K_S: 16,
  Q5_K_M: 17,
  Q6_K: 18,
  IQ4_NL: 25,
  IQ4_XS: 30,
};

interface Case {
  readonly name: string;
  readonly model: MixedModel;
  /** As Hugging Face has shapes. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly importance?: boolean;
}

/** Two rows are enough: rules ask for their length. */
const ROWS = 2;

/** A model of so many layers, with an output of its own or without. */
function made(
  name: string,
  model: Partial<MixedModel>,
  { columns = 256, isTied = false, fused = false, importance = false } = {},
): Case {
  const whole = { architecture: "llama", layers: 24, heads: 4, keyValueHeads: 4, experts: 0, ...model };
  const matrix = [ROWS, columns];
  const inBlock = {
    "attn_norm.weight": [columns],
    ...(fused
      ? { "attn_qkv.weight": matrix }
      : { "attn_q.weight": matrix, "attn_k.weight": matrix, "attn_v.weight": matrix }),
    "attn_output.weight": matrix,
    "ffn_norm.weight": [columns],
    ...(whole.experts > 0
      ? { "ffn_gate_inp.weight": matrix, "ffn_up_exps.weight": [2, ...matrix], "ffn_down_exps.weight": [2, ...matrix] }
      : { "ffn_up.weight": matrix, "ffn_gate.weight": matrix, "ffn_down.weight": matrix }),
  };
  const tensors = Array.from({ length: whole.layers }, (_, layer) =>
    Object.entries(inBlock).map(([tensor, shape]) => ({ name: `blk.${layer}.${tensor}`, shape })),
  ).flat();
  const outside = [
    { name: "token_embd.weight", shape: matrix },
    { name: "output_norm.weight", shape: [columns] },
  ];
  const output = isTied ? [] : [{ name: "output.weight", shape: matrix }];
  return { name, model: whole, tensors: [...outside, ...tensors, ...output], importance };
}

const cases: Case[] = [
  made("a dense model", {}),
  made("a dense model with an imatrix", {}, { importance: true }),
  made("tied embeddings", { layers: 5 }, { isTied: true }),
  made("four heads of queries for one of keys", { heads: 8, keyValueHeads: 2 }),
  made("layers that eighths do not divide", { layers: 30, heads: 9, keyValueHeads: 3 }),
  made("rows that only 32 divides", { layers: 9 }, { columns: 576 }),
  made("tied embeddings of rows that only 32 divides", { layers: 9 }, { columns: 576, isTied: true }),
  made("rows that nothing divides", { layers: 2 }, { columns: 100 }),
  made("eight experts", { experts: 8 }),
  made("eight experts with an imatrix", { experts: 8 }, { importance: true }),
  made("four experts", { experts: 4, layers: 17 }),
  made("fused queries, keys and values", { architecture: "phi3" }, { fused: true }),
  made("Falcon", { architecture: "falcon" }, { fused: true }),
  made("Falcon of 40 layers", { architecture: "falcon", layers: 40, keyValueHeads: 1 }, { fused: true }),
  made("LLaMA of 70 billion", { layers: 80, heads: 8, keyValueHeads: 1 }),
  made("LLaMA of 65 billion", { layers: 80 }),
  made("Qwen2 of 72 billion", { architecture: "qwen2", layers: 80, heads: 8, keyValueHeads: 1 }),
];

function fileOf({ model, tensors }: Case): Buffer {
  const { architecture, layers, heads, keyValueHeads, experts } = model;
  const own = {
    block_count: layers,
    context_length: 64,
    embedding_length: 256,
    feed_forward_length: 256,
    "attention.head_count": heads,
    "attention.head_count_kv": keyValueHeads,
    "attention.layer_norm_rms_epsilon": 1e-5,
    "attention.layer_norm_epsilon": 1e-5,
    ...(experts > 0 ? { expert_count: experts, expert_used_count: 2 } : {}),
  };
  const entries = Object.entries(own).map(([key, value]) => [`${architecture}.${key}`, value] as const);
  const weights = tensors.map(({ name, shape }) => ({ name, shape, values: some(shape) }));
  return ggufFile({ "general.architecture": architecture, ...Object.fromEntries(entries) }, weights);
}

function some(shape: readonly number[]): Float32Array {
  return Float32Array.from({ length: shape.reduce((size, dim) => size * dim, 1) }, (_, i) => Math.sin(i));
}

/** The bytes that we write of such a tensor, all columns being of one importance. */
function checksumOf(type: string, shape: readonly number[], hasImportance = false): string {
  const columns = shape.at(-1)!;
  const importance = hasImportance ? new Float32Array(columns).fill(1) : undefined;
  const blocks = quantizer(type as FormatName).quantize(some(shape), columns, importance);
  return createHash("sha256").update(blocks).digest("hex");
}

function typesOf(tensors: Readonly<Record<string, MixedByLlamaCpp>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { type }]) => [name, type]));
}

/** What we say of a case: `name type` of every tensor, those that are left as they are in float32. */
function ours({ model, tensors, importance }: Case, mixture: (typeof MIXTURES)[number]): Record<string, string> {
  const asGgml: MixedTensor[] = tensors.map(({ name, shape }) => ({ name, shape: [...shape].reverse() }));
  const mixed = llamaMixture(mixture, model, asGgml, importance);
  return Object.fromEntries(tensors.map(({ name }) => [name, mixed.get(name) ?? "F32"]));
}

/** Types that differ from tensor to tensor, in few letters: `token_embd Q6_K, attn_v Q6_K×3 Q4_K×2 …` */
function summary(types: Readonly<Record<string, string>>): string {
  const runs = new Map<string, [type: string, count: number][]>();
  for (const [name, type] of Object.entries(types)) {
    const kind = name.replace(/^blk\.\d+\./, "").replace(/\.weight$/, "");
    const ofKind = runs.get(kind) ?? [];
    const last = ofKind.at(-1);
    if (last?.[0] === type) last[1]++;
    else ofKind.push([type, 1]);
    runs.set(kind, ofKind);
  }
  return [...runs]
    .filter(([, [first]]) => first?.[0] !== "F32")
    .map(([kind, all]) => `${kind} ${all.map(([type, count]) => (count > 1 ? `${type}×${count}` : type)).join(" ")}`)
    .join(", ");
}

/** What llama.cpp wrote of each case and mixture: where it is not there, we are held against it. */
const recordedFile = new URL("../../data/llama-cpp-mixtures.json", import.meta.url);
const recorded = JSON.parse(readFileSync(recordedFile, "utf8")) as Record<string, Record<string, string>>;

describe.skipIf(llamaCpp === undefined)("against files that llama.cpp writes", () => {
  const written: Record<string, Record<string, string>> = {};

  test.each(cases)("$name", (one) => {
    const importance = Object.fromEntries(one.tensors.map(({ name, shape }) => [name, lengthOf(name, shape)]));
    const [types] = mixedByLlamaCpp(llamaCpp!, [
      {
        file: fileOf(one),
        fileTypes: MIXTURES.map((mixture) => FILE_TYPES[mixture]),
        ...(one.importance ? { importance } : {}),
      },
    ]);
    const ofCase: Record<string, string> = {};
    MIXTURES.forEach((mixture, i) => {
      const theirs = types?.[i] ?? {};
      const own = ours(one, mixture);
      expect(own, mixture).toEqual(typesOf(theirs));
      // and the file is what our quantisers make of its tensors
      if (process.arch === "x64")
        for (const { name, shape } of one.tensors)
          expect(checksumOf(own[name], shape, one.importance), `${mixture}: ${name}`).toBe(theirs[name].checksum);
      ofCase[mixture] = summary(own);
    });
    written[one.name] = ofCase;
  });

  test("every architecture: its matrices, 256 wide", async () => {
    const files = await Promise.all(convertedFixtures.map(wideFixture));
    const mixtures = ["Q4_K_M", "Q2_K"] as const;
    const mixed = mixedByLlamaCpp(
      llamaCpp!,
      files.map(({ file }) => ({ file, fileTypes: mixtures.map((mixture) => FILE_TYPES[mixture]) })),
    );
    const refused: string[] = [];
    files.forEach((one, i) => {
      mixtures.forEach((mixture, k) => {
        const theirs = mixed[i][k];
        if (!theirs) refused.push(one.name);
        else expect(ours(one, mixture), `${one.name} ${mixture}`).toEqual(typesOf(theirs));
      });
    });
    expect(refused).toEqual([]);
  });

  afterAll(() => {
    if (process.env.RECORD === "1") writeFileSync(recordedFile, `${JSON.stringify(written, null, 1)}\n`);
  });
});

test.each(cases)("$name: as llama.cpp wrote it, as recorded", (one) => {
  const own = Object.fromEntries(MIXTURES.map((mixture) => [mixture, summary(ours(one, mixture))]));
  expect(own).toEqual(recorded[one.name]);
});

test("the bundled model: Q4_K_M's rows of 192 take blocks of 32", async () => {
  const checkpoint = await openCheckpoint("models/demo");
  const names: Record<string, string> = {
    "self_attn.v_proj": "attn_v",
    "self_attn.q_proj": "attn_q",
    "mlp.down_proj": "ffn_down",
  };
  const tensors = [...checkpoint.tensors.values()].flatMap(({ name, shape }) => {
    if (name === "model.embed_tokens.weight") return [{ name: "token_embd.weight", shape: [...shape].reverse() }];
    const [, layer, matrix = ""] = /^model\.layers\.(\d+)\.(.*)\.weight$/.exec(name) ?? [];
    const own = names[matrix];
    return own === undefined ? [] : [{ name: `blk.${layer}.${own}.weight`, shape: [...shape].reverse() }];
  });
  await checkpoint.close();
  const model = { architecture: "llama", layers: 12, heads: 6, keyValueHeads: 2, experts: 0 };
  const mixed = llamaMixture("Q4_K_M", model, tensors);
  expect(mixed.get("token_embd.weight")).toBe("Q8_0");
  expect(mixed.get("blk.0.attn_q.weight")).toBe("Q5_0");
  // more bits for the first eighth, the last, and every third between
  const valuesAndDown = Array.from({ length: 12 }, (_, layer) =>
    ["attn_v", "ffn_down"].map((name) => mixed.get(`blk.${layer}.${name}.weight`)),
  );
  const [more, less] = [
    ["Q8_0", "Q6_K"],
    ["Q5_0", "Q4_K"],
  ];
  expect(valuesAndDown).toEqual(
    [0, 3, 6, 9, 10, 11].reduce(
      (all, layer) => all.with(layer, more),
      Array.from({ length: 12 }, () => less),
    ),
  );
});

/** A row for each expert of what all experts' are. */
function lengthOf(name: string, shape: readonly number[]): number {
  return name.includes("_exps.") ? shape[0] * shape.at(-1)! : shape.at(-1)!;
}

/** A fixture as a file, its matrices of two rows of 256. */
async function wideFixture(name: string): Promise<Case & { readonly file: Buffer }> {
  let tensors: readonly GgufWeights[] = [];
  const { file } = await convertToGguf(name, {
    tensors: (all) =>
      (tensors = all.map((one) => {
        if (one.shape.length < 2) return one;
        const shape = [...one.shape.slice(0, -2), ROWS, 256];
        return { ...one, shape, values: some(shape) };
      })),
  });
  const entries = metadataOf(name);
  const architecture = String(entries["general.architecture"]);
  const number = (key: string): number | undefined => {
    const value = entries[`${architecture}.${key}`];
    return typeof value === "number" ? value : Array.isArray(value) ? Number(value[0]) : undefined;
  };
  const heads = number("attention.head_count") ?? 0;
  return {
    name,
    file,
    tensors,
    model: {
      architecture,
      layers: number("block_count") ?? 0,
      heads,
      keyValueHeads: number("attention.head_count_kv") ?? heads,
      experts: number("expert_count") ?? 0,
    },
  };
}
