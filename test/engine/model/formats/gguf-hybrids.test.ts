import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { openModel } from "../../../../src/engine/model/model";
import { convertToGguf, type GgufChanges } from "../../support/convert-to-gguf";
import { failureOf } from "../../support/errors";
import { TemporaryFolder } from "../../support/temporary-folder";
import type { GgufWeights } from "../../support/write-gguf";

/* Hybrids as GGUF files that today's converter does not write of the fixtures: `gguf-conversions.test.ts` has those. */

const temporary = new TemporaryFolder();
afterAll(() => {
  temporary.remove();
});

let files = 0;
async function written(fixture: string, changes: GgufChanges): Promise<string> {
  const path = join(temporary.path, `${fixture}-${files++}.gguf`);
  writeFileSync(path, (await convertToGguf(fixture, changes)).file);
  return path;
}

const withValues =
  (name: string, values: readonly number[]): GgufChanges["tensors"] =>
  (all) =>
    all.map((tensor) =>
      tensor.name === name ? { ...tensor, shape: [values.length], values: Float32Array.from(values) } : tensor,
    );

test.each<[what: string, changes: GgufChanges, expected: object]>([
  [
    "caps its logits where the file says so",
    { metadata: { "gemma4.final_logit_softcapping": 30 } },
    { final_logit_softcapping: 30 },
  ],
  [
    "caps none where the file says 0",
    { metadata: { "gemma4.final_logit_softcapping": 0 } },
    { final_logit_softcapping: null },
  ],
  [
    "turns half of each head",
    { tensors: withValues("rope_freqs.weight", [1, 1, 1, 1, 1e30, 1e30, 1e30, 1e30]) },
    { rope_parameters: { full_attention: { rope_type: "proportional", partial_rotary_factor: 0.5 } } },
  ],
  [
    "turns all of each head where nothing says that it does not",
    { tensors: (all) => all.filter(({ name }) => name !== "rope_freqs.weight") },
    { rope_parameters: { full_attention: { rope_type: "proportional", partial_rotary_factor: 1 } } },
  ],
])("Gemma 4 %s", async (_, changes, expected) => {
  const model = await openModel(await written("gemma4", changes));
  expect(model.checkpoint.config).toMatchObject(expected);
  await model.close();
});

test("what Gemma 4's published files have for keys and values that layers borrow is passed over", async () => {
  const [as, plain] = await Promise.all([
    written("gemma4-multimodal", {
      tensors: (all) => [
        ...all,
        ...all
          .filter(({ name }) => /^blk\.[23]\.attn_(k|v|k_norm)\.weight$/.test(name))
          .map((one) => ({ ...one, name: one.name.replace(/\d/, (layer) => String(Number(layer) + 2)) })),
      ],
    }),
    written("gemma4-multimodal", {}),
  ]);
  const [model, usual] = [await openModel(as), await openModel(plain)];
  expect(model.checkpoint.tensors.has("model.layers.4.self_attn.k_proj.weight")).toBe(true);
  expect(model.checkpoint.config).toEqual(usual.checkpoint.config);
  expect(model.parameters).toBe(usual.parameters);
  await Promise.all([model.close(), usual.close()]);
});

const convolution: GgufWeights = { name: "blk.1.shortconv.in_proj.weight", shape: [64], values: new Float32Array(64) };

test.each<[what: string, fixture: string, changes: GgufChanges]>([
  ["Gemma 4 with experts", "gemma4", { metadata: { "gemma4.expert_count": 4 } }],
  [
    "Gemma 4 with other rotary frequencies",
    "gemma4",
    { tensors: withValues("rope_freqs.weight", [1, 1, 2, 4, 1e30, 1e30, 1e30, 1e30]) },
  ],
  ["Gemma 4 with frequencies of another size", "gemma4", { tensors: withValues("rope_freqs.weight", [1, 1]) }],
  ["LFM2 with a convolution beside attention", "lfm2", { tensors: (all) => [...all, convolution] }],
  ["more blocks than tensors", "qwen3_5", { metadata: { "qwen35.block_count": 4_000_000_000 } }],
  ["fewer blocks than predict further tokens", "qwen3_5", { metadata: { "qwen35.nextn_predict_layers": 9 } }],
  [
    "decays that grow",
    "qwen3_5",
    {
      tensors: (all) =>
        all.map((one) => (one.name === "blk.0.ssm_a" ? { ...one, values: Float32Array.of(-1, 1, -1, -1) } : one)),
    },
  ],
])("%s: refused", async (_, fixture, changes) => {
  const path = await written(fixture, changes);
  const line = await failureOf(async () => {
    const model = await openModel(path);
    try {
      await model.checkpoint.read("model.layers.0.linear_attn.A_log", new Float32Array(4));
    } finally {
      await model.close();
    }
  });
  expect(line.replaceAll(path, "FILE")).toMatchSnapshot();
});
