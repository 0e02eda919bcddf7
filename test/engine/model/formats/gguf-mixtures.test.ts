import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";

import type { Checkpoint } from "../../../../src/engine/model/checkpoint";
import { EXPAND } from "../../../../src/engine/model/formats/expand";
import { openCheckpoint } from "../../../../src/engine/model/formats/open";
import { RangeFile } from "../../../../src/engine/model/formats/range-file";
import { GGML_TYPES } from "../../../../src/engine/model/formats/stored-types";
import { openModel } from "../../../../src/engine/model/model";
import { randomNumbers } from "../../../../src/engine/numbers/random";
import { convertToGguf, type GgufChanges } from "../../support/convert-to-gguf";
import { failureOf } from "../../support/errors";
import { fixturePath } from "../../support/reference";
import { TemporaryFolder } from "../../support/temporary-folder";
import type { GgufWeights } from "../../support/write-gguf";

/*
 * Mixtures of experts as GGUF files in other forms than today's converter writes of float32: `gguf-conversions.test.ts` has those.
 */

const temporary = new TemporaryFolder();
afterAll(() => {
  temporary.remove();
});
afterEach(() => {
  vi.restoreAllMocks();
});

let files = 0;
async function written(fixture: string, changes: GgufChanges = {}): Promise<string> {
  const path = join(temporary.path, `${fixture}-${files++}.gguf`);
  writeFileSync(path, (await convertToGguf(fixture, changes)).file);
  return path;
}

/** All of a tensor, or some rows. */
async function valuesOf(checkpoint: Checkpoint, name: string, from?: number, to?: number): Promise<Float32Array> {
  const { shape } = checkpoint.tensors.get(name) ?? { shape: [] };
  const [rows, columns] = shape.length === 1 ? [1, shape[0]] : [shape[0], shape[1]];
  const values = new Float32Array(((to ?? rows) - (from ?? 0)) * columns);
  await checkpoint.read(name, values, from, to);
  return values;
}

async function folderValues(fixture: string, name: string): Promise<Float32Array> {
  const folder = await openCheckpoint(fixturePath(fixture));
  const values = await valuesOf(folder, name);
  await folder.close();
  return values;
}

async function refusal(fixture: string, changes: GgufChanges): Promise<string> {
  const path = await written(fixture, changes);
  const line = await failureOf(async () => {
    await (await openModel(path)).close();
  });
  return line.replaceAll(path, "FILE");
}

const only =
  (change: (tensor: GgufWeights) => GgufWeights | GgufWeights[], name: RegExp): GgufChanges["tensors"] =>
  (all) =>
    all.flatMap((tensor) => (name.test(tensor.name) ? change(tensor) : [tensor]));

const floats = ({ values }: GgufWeights): Float32Array => {
  if (!(values instanceof Float32Array)) throw new Error("a tensor of another type");
  return values;
};

describe.each([
  ["mixtral", "model.layers.1.block_sparse_moe.experts.2.w1.weight", 96 * 64],
  ["qwen2_moe", "model.layers.1.mlp.experts.2.down_proj.weight", 32 * 64],
  ["granitemoe", "model.layers.1.block_sparse_moe.input_linear.2.weight", 2 * 96 * 64],
  ["gpt_oss", "model.layers.1.mlp.experts.2.gate_up_proj.weight", 2 * 96 * 64],
])("an expert of %s", (fixture, name, size) => {
  test("is read alone", async () => {
    const checkpoint = await openCheckpoint(await written(fixture));
    const read = vi.spyOn(RangeFile.prototype, "read");
    await valuesOf(checkpoint, name);
    const bytes = read.mock.calls.reduce((sum, [into]) => sum + into.byteLength, 0);
    expect(bytes).toBe(4 * size);
    expect(checkpoint.tensors.get(name)?.bytes).toBe(4 * size);
    await checkpoint.close();
  });

  test("is read in any range of rows", async () => {
    const checkpoint = await openCheckpoint(await written(fixture));
    const expected = await folderValues(fixture, name);
    const [rows, columns] = checkpoint.tensors.get(name)?.shape ?? [];
    for (const [from, to] of [
      [0, rows],
      [0, 1],
      [7, 29],
      [rows - 5, rows],
      [3, 3],
    ])
      expect(await valuesOf(checkpoint, name, from, to)).toEqual(expected.slice(from * columns, to * columns));
    await checkpoint.close();
  });

  test.each(["Q4_0", "Q8_0", "MXFP4"])("is read of %s, block by block", async (type) => {
    const blocks = new Map<string, Uint8Array>();
    const path = await written(fixture, {
      tensors: only((tensor) => {
        const bytes = randomBlocks(tensor, type);
        blocks.set(tensor.name, bytes);
        return { ...tensor, values: { type, bytes } };
      }, /_exps\.weight$/),
    });
    const checkpoint = await openCheckpoint(path);
    expect(checkpoint.tensors.get(name)?.type).toBe(type);
    const read = vi.spyOn(RangeFile.prototype, "read");
    const own = await valuesOf(checkpoint, name);
    const { weights, bytes } = [...GGML_TYPES.values()].find((one) => one.name === type) ?? { weights: 1, bytes: 0 };
    expect(read.mock.calls.reduce((sum, [into]) => sum + into.byteLength, 0)).toBe((size / weights) * bytes);

    // what the whole stack is, taken apart here
    const ofExpert = (matrix: string): Float32Array => {
      const stored = blocks.get(`blk.1.ffn_${matrix}_exps.weight`) ?? new Uint8Array();
      const all = new Float32Array((stored.length / bytes) * weights);
      EXPAND[type]?.(stored, all.length, all, 0);
      return all.slice(2 * (all.length / 4), 3 * (all.length / 4));
    };
    const columns = 64;
    const rowOf = (values: Float32Array, row: number): number[] => [
      ...values.slice(row * columns, (row + 1) * columns),
    ];
    const range = Array.from({ length: 96 }, (_, row) => row);
    const expected = {
      mixtral: () => [...ofExpert("gate")],
      qwen2_moe: () => [...ofExpert("down")],
      granitemoe: () => [...ofExpert("gate"), ...ofExpert("up")],
      gpt_oss: () => {
        const [gate, up] = [ofExpert("gate"), ofExpert("up")];
        return range.flatMap((row) => [...rowOf(gate, row), ...rowOf(up, row)]);
      },
    }[fixture];
    expect([...own]).toEqual(expected?.());
    await checkpoint.close();
  });
});

/** Blocks of a type with finite scales. */
function randomBlocks({ shape }: GgufWeights, type: string): Uint8Array {
  const { weights, bytes } = [...GGML_TYPES.values()].find((one) => one.name === type) ?? { weights: 1, bytes: 0 };
  const next = randomNumbers(7);
  const all = new Uint8Array((shape.reduce((size, dim) => size * dim, 1) / weights) * bytes).map(() => 256 * next());
  // the scale's upper byte as half float, or its exponent: some 1/8 of 1
  for (let at = 0; at < all.length; at += bytes) all[type === "MXFP4" ? at : at + 1] = type === "MXFP4" ? 124 : 0x30;
  return all;
}

test("the gate of Qwen's shared expert may be a vector, as llama-quantize leaves it", async () => {
  const name = "model.layers.0.mlp.shared_expert_gate.weight";
  const path = await written("qwen2_moe", {
    tensors: only((tensor) => ({ ...tensor, shape: tensor.shape.slice(1) }), /ffn_gate_inp_shexp/),
  });
  const model = await openModel(path);
  expect(model.checkpoint.tensors.get(name)?.shape).toEqual([1, 64]);
  expect(await valuesOf(model.checkpoint, name)).toEqual(await folderValues("qwen2_moe", name));
  await model.close();
});

describe("DeepSeek-V3", () => {
  const latent = "model.layers.2.self_attn.kv_b_proj.weight";
  const first = /^blk\.\d+\.attn_[kv]_b\.weight$/;

  test("of the first conversions has keys and values of latent attention in one matrix", async () => {
    const whole = await folderValues("deepseek_v3", latent);
    const path = await written("deepseek_v3", {
      metadata: { "deepseek2.attention.key_length": 24, "deepseek2.attention.value_length": 16 },
      without: ["deepseek2.attention.key_length_mla", "deepseek2.attention.value_length_mla"],
      tensors: only(
        (tensor) =>
          tensor.name.includes("attn_k_b")
            ? { name: tensor.name.replace("attn_k_b", "attn_kv_b"), shape: [128, 16], values: whole }
            : [],
        first,
      ),
    });
    const model = await openModel(path);
    expect(await valuesOf(model.checkpoint, latent)).toEqual(whole);
    expect(model.checkpoint.config).toMatchObject({ qk_nope_head_dim: 16, qk_rope_head_dim: 8, v_head_dim: 16 });
    await model.close();
  });

  test("has them in any range of rows where they are two", async () => {
    const checkpoint = await openCheckpoint(await written("deepseek_v3"));
    const whole = await folderValues("deepseek_v3", latent);
    for (const [from, to] of [
      [0, 1],
      [13, 40],
      [100, 128],
    ])
      expect(await valuesOf(checkpoint, latent, from, to)).toEqual(whole.slice(from * 16, to * 16));
    await checkpoint.close();
  });

  test("may have gates and ups of experts in one tensor", async () => {
    const gates = new Map<string, GgufWeights>();
    const path = await written("deepseek_v3", {
      tensors: only((tensor) => {
        if (tensor.name.includes("gate")) {
          gates.set(tensor.name.replace("gate", "up"), tensor);
          return [];
        }
        const [experts, rows, columns] = tensor.shape;
        const [gate, up] = [floats(gates.get(tensor.name) ?? tensor), floats(tensor)];
        const size = rows * columns;
        const both = Array.from({ length: experts }, (_, e) => [
          ...gate.subarray(e * size, (e + 1) * size),
          ...up.subarray(e * size, (e + 1) * size),
        ]).flat();
        return {
          name: tensor.name.replace("up", "gate_up"),
          shape: [experts, 2 * rows, columns],
          values: Float32Array.from(both),
        };
      }, /ffn_(gate|up)_exps/),
    });
    const model = await openModel(path);
    for (const part of ["gate_proj", "up_proj"]) {
      const name = `model.layers.1.mlp.experts.5.${part}.weight`;
      expect(await valuesOf(model.checkpoint, name)).toEqual(await folderValues("deepseek_v3", name));
    }
    await model.close();
  });

  test("without groups in the file has those of the published model where it is that one's size, else one", async () => {
    const without = ["deepseek2.expert_group_count", "deepseek2.expert_group_used_count"];
    const checkpoint = await openCheckpoint(await written("deepseek_v3", { without }));
    expect(checkpoint.config).toMatchObject({ n_group: 1, topk_group: 1 });
    await checkpoint.close();
    const large = await openCheckpoint(
      await written("deepseek_v3", {
        without,
        metadata: { "deepseek2.block_count": 61, "deepseek2.expert_count": 256 },
        tensors: (all) => all.filter(({ name }) => !name.includes("_exps")),
      }),
    );
    expect(large.config).toMatchObject({ n_group: 8, topk_group: 4 });
    await large.close();
  });

  test("has the scale of its yarn, which the converter divided by ten", async () => {
    const path = await written("deepseek_v3", {
      metadata: {
        "deepseek2.rope.scaling.type": "yarn",
        "deepseek2.rope.scaling.factor": 40,
        "deepseek2.rope.scaling.original_context_length": 64,
        "deepseek2.rope.scaling.yarn_beta_fast": 32,
        "deepseek2.rope.scaling.yarn_beta_slow": 1,
        "deepseek2.rope.scaling.yarn_log_multiplier": 0.1,
      },
    });
    const checkpoint = await openCheckpoint(path);
    expect(checkpoint.config.rope_parameters).toMatchObject({
      rope_type: "yarn",
      factor: 40,
      mscale: 1,
      mscale_all_dim: 1,
    });
    await checkpoint.close();
  });
});

test("blocks that predict further tokens are passed over", async () => {
  const path = await written("glm4_moe", {
    metadata: { "glm4moe.block_count": 5, "glm4moe.nextn_predict_layers": 1 },
    tensors: (all) => [
      ...all,
      { name: "blk.4.nextn.eh_proj.weight", shape: [64, 128], values: new Float32Array(64 * 128) },
      { name: "blk.4.attn_norm.weight", shape: [64], values: new Float32Array(64) },
    ],
  });
  const [model, folder] = [await openModel(path), await openModel(fixturePath("glm4_moe"))];
  expect(model.layers).toBe(4);
  expect(model.parameters).toBe(folder.parameters);
  await Promise.all([model.close(), folder.close()]);
});

test.each<[what: string, fixture: string, changes: GgufChanges]>([
  ["experts of a dense architecture", "qwen3", { metadata: { "qwen3.expert_count": 4 } }],
  ["no experts", "qwen2_moe", { metadata: { "qwen2moe.expert_count": 0 } }],
  ["the router of DeepSeek-V2", "deepseek_v3", { metadata: { "deepseek2.expert_gating_func": 1 } }],
  ["no word on the router", "deepseek_v3", { without: ["deepseek2.expert_gating_func"] }],
  ["sigmoids in a router of softmax", "mixtral", { metadata: { "llama.expert_gating_func": 2 } }],
  ["scaled weights of experts", "qwen3_moe-every-layer", { metadata: { "qwen3moe.expert_weights_scale": 2.5 } }],
  ["queries scaled by their positions", "deepseek_v3", { metadata: { "deepseek2.attention.temperature_scale": 0.1 } }],
  [
    "an expert less",
    "mixtral",
    {
      tensors: only(
        (tensor) => ({ ...tensor, shape: [3, ...tensor.shape.slice(1)], values: floats(tensor).slice(0, 3 * 96 * 64) }),
        /^blk\.1\.ffn_up_exps/,
      ),
    },
  ],
  [
    "a stack that is none",
    "mixtral",
    { tensors: only((t) => ({ ...t, shape: [4 * 96 * 64] }), /^blk\.1\.ffn_up_exps/) },
  ],
  ["one matrix for each expert, as the first conversions have them", "mixtral", { tensors: only(alone, /_exps/) }],
  ["a shared expert that Granite's model has not", "granitemoe", { tensors: (all) => [...all, shared(all)] }],
  ["gates without ups", "gpt_oss", { tensors: only(() => [], /^blk\.2\.ffn_up_exps\.weight/) }],
  [
    "ups of another width than gates",
    "granitemoe",
    {
      tensors: only(
        (t) => ({ ...t, shape: [4, 96, 32], values: floats(t).slice(0, 4 * 96 * 32) }),
        /^blk\.2\.ffn_up_exps\.weight/,
      ),
    },
  ],
])("%s: refused", async (_, fixture, changes) => {
  expect(await refusal(fixture, changes)).toMatchSnapshot();
});

function alone({ name, shape, values }: GgufWeights): GgufWeights[] {
  const size = shape[1] * shape[2];
  return Array.from({ length: shape[0] }, (_, expert) => ({
    name: name.replace("_exps", `.${expert}`),
    shape: shape.slice(1),
    values: floats({ name, shape, values }).slice(expert * size, (expert + 1) * size),
  }));
}

function shared(all: readonly GgufWeights[]): GgufWeights {
  return { ...all[0], name: "blk.0.ffn_up_shexp.weight" };
}
