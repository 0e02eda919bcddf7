import { expect, test } from "vitest";
import { hubName, isConv1D, takesNoPart } from "../../../../src/engine/model/formats/hub-names";

test.each([
  ["gpt2", "h.0.ln_1.weight", ["h.0.ln_1.weight", "wte.weight"], "transformer.h.0.ln_1.weight"],
  ["gpt2", "transformer.wte.weight", ["transformer.wte.weight"], "transformer.wte.weight"],
  ["opt", "decoder.layers.0.fc1.weight", ["decoder.layers.0.fc1.weight"], "model.decoder.layers.0.fc1.weight"],
  ["opt", "lm_head.weight", ["decoder.layers.0.fc1.weight"], "lm_head.weight"],
  [
    "gpt_neox",
    "layers.0.mlp.dense_4h_to_h.bias",
    ["layers.0.mlp.dense_4h_to_h.bias"],
    "gpt_neox.layers.0.mlp.dense_4h_to_h.bias",
  ],
  ["gpt_neox", "embed_out.weight", ["gpt_neox.embed_in.weight"], "embed_out.weight"],
  ["llama", "norm.weight", ["norm.weight"], "model.norm.weight"],
  ["llama", "model.norm.weight", ["model.norm.weight"], "model.norm.weight"],
])("%s: %s", (modelType, name, all, expected) => {
  expect(hubName(name, modelType, all)).toBe(expected);
});

test("masks and rotary frequencies of older checkpoints are no parameters", () => {
  const names = [
    "h.0.attn.bias",
    "h.0.attn.masked_bias",
    "gpt_neox.layers.0.attention.bias",
    "model.layers.0.self_attn.rotary_emb.inv_freq",
  ];
  expect(names.filter(takesNoPart)).toEqual(names);
  const parameters = [
    "transformer.h.0.attn.c_attn.bias",
    "gpt_neox.layers.0.attention.dense.bias",
    "model.layers.0.self_attn.q_proj.bias",
  ];
  expect(parameters.filter(takesNoPart)).toEqual([]);
});

test("only GPT-2's Conv1D is transposed", () => {
  expect(isConv1D("transformer.h.0.mlp.c_proj.weight", "gpt2")).toBe(true);
  expect(isConv1D("transformer.wte.weight", "gpt2")).toBe(false);
  expect(isConv1D("transformer.h.0.mlp.c_proj.weight", "llama")).toBe(false);
});
