import { describe, expect, test } from "vitest";
import type { Checkpoint } from "../../../../src/engine/model/checkpoint";
import { openCheckpoint } from "../../../../src/engine/model/formats/open";
import { identityOf } from "../../../../src/engine/model/identity";
import { modulesAt, openModel } from "../../../../src/engine/model/model";
import { failureOf, lineOf } from "../../support/errors";
import { ModelCopy, type Config, type StoredTensor } from "../../support/model-copy";
import { copyWith, quantizedNames, readQuantized, type Quantized } from "../../support/quantized";
import { fixturePath } from "../../support/reference";

async function values(checkpoint: Checkpoint, name: string, from?: number, to?: number): Promise<Float32Array> {
  const [rows, ...others] = checkpoint.tensors.get(name)?.shape ?? [0];
  const out = new Float32Array(((to ?? rows) - (from ?? 0)) * others.reduce((product, size) => product * size, 1));
  await checkpoint.read(name, out, from, to);
  return out;
}

/** Differences in units of the last place of the larger one. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  const place = (value: number): number => 2 ** (Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -126))) - 23);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]) / place(b[i])), 0);
}

/** Where a value is rounded twice there: bitsandbytes multiplies by the scale, then by 1/127. */
const ROUNDED_TWICE: readonly string[] = ["bitsandbytes-int8"];

describe.each(quantizedNames)("%s", (name) => {
  test("gives the values of an independent program, in any range of rows", async () => {
    const quantized = readQuantized(name);
    const copy = await copyWith(quantized);
    const checkpoint = await openCheckpoint(copy.path);
    expect(quantized.expected.size).toBeGreaterThan(0);
    for (const [tensor, { shape, values: expected }] of quantized.expected) {
      expect(checkpoint.tensors.get(tensor)?.shape).toEqual(shape);
      const all = await values(checkpoint, tensor);
      expect(largestDifference(all, expected)).toBeLessThanOrEqual(ROUNDED_TWICE.includes(name) ? 1 : 0);
      const [rows] = shape;
      const columns = all.length / rows;
      for (const [from, to] of [
        [0, 1],
        [1, 2],
        [Math.min(5, rows), Math.min(23, rows)],
        [rows - 1, rows],
        [1, 1],
      ])
        expect(await values(checkpoint, tensor, from, to)).toEqual(all.slice(from * columns, to * columns));
    }
    await checkpoint.close();
    await copy.remove();
  });

  // the fixture has no experts
  test.skipIf(name === "mxfp4")(
    "has the names, the shapes and the number of parameters of the dense model",
    async () => {
      const quantized = readQuantized(name);
      const dense = await openModel(fixturePath("llama"));
      const copy = await copyWith(quantized);
      const model = await openModel(copy.path);
      expect(modulesAt(model, 0)).toEqual(modulesAt(dense, 0));
      expect(model.scored).toBe(dense.scored);
      expect(model.parameters).toBe(dense.parameters);
      await Promise.all([model.close(), dense.close()]);
      await copy.remove();
    },
  );

  test("is another model with another byte in any of the tensors that make a matrix", async () => {
    const quantized = readQuantized(name);
    const identities = [await identityWith(quantized)];
    for (const [changed, { bytes }] of quantized.stored) {
      if (changed.endsWith("weight_format")) continue;
      const other = Uint8Array.from(bytes);
      other[other.length - 1] ^= 1;
      const identity = await identityWith(quantized, changed, other).catch((error: unknown) => lineOf(error));
      identities.push(`${changed} ${identity}`.slice(identity.startsWith("sha256") ? changed.length + 1 : 0));
    }
    expect(new Set(identities).size).toBe(identities.length);
  });
});

async function identityWith(quantized: Quantized, name = "", bytes = new Uint8Array()): Promise<string> {
  const copy = await copyWith(quantized, (tensors) => {
    const tensor = tensors.get(name);
    if (tensor) tensors.set(name, { ...tensor, bytes });
  });
  try {
    const checkpoint = await openCheckpoint(copy.path);
    const identity = await identityOf(checkpoint, () => Buffer.alloc(0)).finally(() => checkpoint.close());
    return identity;
  } finally {
    await copy.remove();
  }
}

describe("what is not read is refused by name, and what does not fit is said", () => {
  const refused: readonly (readonly [what: string, data: string, config: Config])[] = [
    ["a method that is not read", "awq", { quant_method: "hqq" }],
    ["a method without a name", "awq", { quant_method: undefined }],
    ["AWQ in another order", "awq", { version: "gemv_fast" }],
    ["AWQ without zero points", "awq", { zero_point: false }],
    ["GPTQ of 3 bits", "gptq-4", { bits: 3 }],
    ["GPTQ in another form", "gptq-4", { checkpoint_format: "bitblas" }],
    ["GPTQ for Marlin", "gptq-4", { is_marlin_format: true }],
    ["compressed-tensors in another form", "compressed-int4", { format: "nvfp4-pack-quantized" }],
    ["compressed-tensors with sparsity", "compressed-int4", { sparsity_config: { format: "sparse-24-bitmask" } }],
    [
      "compressed-tensors of 3 bits",
      "compressed-int4",
      { config_groups: { group_0: { weights: { num_bits: 3, type: "int" } } } },
    ],
    [
      "compressed-tensors with transforms",
      "compressed-int4",
      { transform_config: { config_groups: { u: { type: "hadamard" } } } },
    ],
    ["8-bit floats of another kind", "fp8-blocks", { fmt: "e5m2" }],
    ["blocks that are none", "fp8-blocks", { weight_block_size: [0] }],
    ["blocks of another size", "fp8-blocks", { weight_block_size: [8, 32] }],
    ["ModelOpt of 4 bits", "fp8-modelopt", { quant_algo: "NVFP4" }],
  ];
  const misfits: readonly (readonly [
    what: string,
    data: string,
    change: (tensors: Map<string, StoredTensor>) => void,
  ])[] = [
    ["without scales", "gptq-4", (tensors) => void tensors.delete(`${MODULE}.scales`)],
    ["groups that are not there", "gptq-4-ordered", (tensors) => tensors.get(`${MODULE}.g_idx`)?.bytes.fill(9)],
    ["scales of another shape", "awq", (tensors) => reshape(tensors, `${MODULE}.scales`, [2, 64])],
    [
      "a shape that is not its own",
      "compressed-int4",
      (tensors) => tensors.get(`${MODULE}.weight_shape`)?.bytes.fill(1),
    ],
    ["sizes that are no JSON", "bitsandbytes-nf4", (tensors) => tensors.get(STATE)?.bytes.fill(65)],
    ["without its sizes", "bitsandbytes-nf4", (tensors) => void tensors.delete(STATE)],
    [
      "turned for a graphics card",
      "bitsandbytes-int8",
      (tensors) => tensors.get(`${MODULE}.weight_format`)?.bytes.fill(1),
    ],
    ["scales that are no numbers", "fp8-rows", (tensors) => tensors.get(`${MODULE}.weight_scale`)?.bytes.fill(255)],
  ];

  test("each in one line", async () => {
    const lines: string[] = [];
    const told = async (what: string, copy: ModelCopy): Promise<void> => {
      const line = await failureOf(async () => {
        const checkpoint = await openCheckpoint(copy.path);
        await values(checkpoint, `${MODULE}.weight`).finally(() => checkpoint.close());
      });
      lines.push(`${what}:\n  ${line.replaceAll(copy.path, "MODEL")}`);
      await copy.remove();
    };
    for (const [what, data, change] of refused) {
      const quantized = readQuantized(data);
      await told(what, await copyWith({ ...quantized, config: { ...quantized.config, ...change } }));
    }
    for (const [what, data, change] of misfits) await told(what, await copyWith(readQuantized(data), change));
    const { stored } = readQuantized("gptq-4");
    await told(
      "quantized, and not said how",
      await ModelCopy.of("llama", {
        tensors: (tensors) => stored.forEach((tensor, name) => tensors.set(name, tensor)),
      }),
    );
    await told(
      "MLX",
      await ModelCopy.of("llama", { config: (config) => ({ ...config, quantization: { group_size: 64, bits: 4 } }) }),
    );
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("quantized-refusals.txt");
  });
});

const MODULE = "model.layers.0.self_attn.k_proj";
const STATE = `${MODULE}.weight.quant_state.bitsandbytes__nf4`;

function reshape(tensors: Map<string, StoredTensor>, name: string, shape: number[]): void {
  const tensor = tensors.get(name);
  if (tensor) tensor.shape = shape;
}
