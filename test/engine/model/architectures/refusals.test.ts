import { describe, expect, test } from "vitest";
import { openModel } from "../../../../src/engine/model/model";
import { architectureOf } from "../../../../src/engine/model/architectures/registry";
import { failureOf } from "../../support/errors";
import { ModelCopy, type Config, type ModelChanges, type StoredTensor } from "../../support/model-copy";

type Change = Config | ((config: Config) => Config);

/** What a configuration becomes; a key that is undefined is taken away. */
function changed(config: Config, change: Change): Config {
  const values = typeof change === "function" ? change(config) : { ...config, ...change };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const rope = (settings: Config): Change => ({ rope_parameters: { rope_theta: 10000, ...settings } });

/** Changes of an object inside. */
const inside =
  (key: string) =>
  (values: Config): Change =>
  (config) => ({ ...config, [key]: { ...(config[key] as Config), ...values } });
const inText = inside("text_config");
const inAttention = inside("attn_config");

/** Fixture and how its configuration is changed: each is refused with one line. */
const configurations: readonly (readonly [string, string, Change])[] = [
  ["an unknown architecture", "llama", { model_type: "mamba" }],
  ["an architecture named like an object's own method", "llama", { model_type: "constructor" }],
  ["no architecture", "llama", { model_type: undefined }],
  ["longrope with too few divisors", "phi3", rope({ rope_type: "longrope", short_factor: [1], long_factor: [2] })],
  ["longrope without divisors", "phi3", { rope_parameters: undefined, rope_scaling: { type: "longrope" } }],
  [
    "longrope with a divisor of 0",
    "phi3",
    rope({
      rope_type: "longrope",
      short_factor: new Array<number>(8).fill(0),
      long_factor: new Array<number>(8).fill(1),
    }),
  ],
  ["dynamic rope without its factor", "llama", rope({ rope_type: "dynamic" })],
  ["a rope of single pairs in proportion", "llama", rope({ rope_type: "proportional" })],
  ["a rope without its factor", "llama", rope({ rope_type: "linear" })],
  ["a rope with a factor below 0", "llama", rope({ rope_type: "linear", factor: -2 })],
  ["rope settings that are no object", "llama", { rope_parameters: 3 }],
  ["a rope that turns more than a head", "phi3", rope({ partial_rotary_factor: 1.5 })],
  ["a rope that turns less than a pair", "phi3", rope({ partial_rotary_factor: 0.05 })],
  ["a rope of no type", "llama", rope({ rope_type: null })],
  ["a scaled rope of Phi-3", "phi3", rope({ rope_type: "linear", factor: 2 })],
  ["yarn in Phi-3, which is longrope there", "phi3", rope({ rope_type: "yarn", factor: 2 })],
  ["a rope of single kinds of layers", "qwen3", { rope_parameters: { full_attention: { rope_type: "default" } } }],
  ["scaling beside settings of no full layers", "gemma3", { rope_parameters: {}, rope_scaling: { factor: 8 } }],
  ["options of single layers", "llama", { per_layer_config: { 1: { attention_bias: true } } }],
  ["LFM2 with layers that slide", "lfm2", { layer_types: new Array<string>(4).fill("sliding_attention") }],
  ["LFM2 with attention layers that are no list", "lfm2", { layer_types: undefined, full_attn_idxs: 3 }],
  ["LFM2 without a filter's width", "lfm2", { conv_L_cache: 0 }],
  ["Qwen3.5 with convolutions", "qwen3_5", { layer_types: new Array<string>(4).fill("conv") }],
  ["Qwen3.5 with value heads that no key heads serve", "qwen3_5", { linear_num_value_heads: 3 }],
  ["Gemma 4 with experts", "gemma4", { enable_moe_block: true, num_experts: 4, top_k_experts: 2 }],
  ["Gemma 4 that looks ahead", "gemma4", { use_bidirectional_attention: "all" }],
  ["Gemma 4 with other options of single layers", "gemma4", { per_layer_config: { 1: { intermediate_size: 32 } } }],
  ["Gemma 4 with sizes that differ within a kind", "gemma4", { per_layer_config: { 1: { head_dim: 32 } } }],
  ["Gemma 4 whose rope is said in older keys", "gemma4", { rope_scaling: { factor: 2 } }],
  ["Gemma 4 without the rope of a kind", "gemma4", { rope_parameters: { full_attention: { rope_theta: 1e4 } } }],
  ["Gemma 4 that borrows of no layer", "gemma4", { num_kv_shared_layers: 4 }],
  ["Gemma 4 that borrows of another kind", "gemma4", { num_kv_shared_layers: 1 }],
  ["Gemma 4 with a share of layers that borrow", "gemma4", { num_kv_shared_layers: 0.5 }],
  ["attention that is not causal", "gpt2", { is_causal: false }],
  ["a configuration inside", "llama", { text_config: { tie_word_embeddings: true } }],
  ["a rope that turns a part where the architecture turns all", "llama", rope({ partial_rotary_factor: 0.5 })],
  ["an unknown activation function", "llama", { hidden_act: "mish" }],
  ["an activation function that is no text", "llama", { hidden_act: 3 }],
  ["GPT-2 with attention scaled by layer", "gpt2", { scale_attn_by_inverse_layer_idx: true }],
  ["GPT-2 with cross attention", "gpt2", { add_cross_attention: true }],
  ["GPT-2 whose heads do not fit", "gpt2", { n_head: 5 }],
  ["Gemma 3 with bidirectional attention", "gemma3", { use_bidirectional_attention: true }],
  ["Gemma 3 with soft-capped attention", "gemma3", { attn_logit_softcapping: 50 }],
  ["Gemma with bidirectional attention", "gemma", { use_bidirectional_attention: true }],
  ["Gemma 3 with vision and soft-capped logits", "gemma3-multimodal", inText({ final_logit_softcapping: 30 })],
  ["vision without a text model", "qwen3_vl", { text_config: undefined }],
  ["vision with another text model", "mistral3-multimodal", inText({ model_type: "llama" })],
  ["vision with options of single layers", "qwen3_vl", inText({ per_layer_config: { 0: { head_dim: 8 } } })],
  ["BLOOM whose residual stream is normalized", "bloom", { apply_residual_connection_post_layernorm: true }],
  ["Command R7B without a window", "cohere2", { sliding_window: null }],
  ["Command R without a scale of logits", "cohere", { logit_scale: null }],
  ["EXAONE 4 that neither slides nor says where", "exaone4", { sliding_window: null, layer_types: undefined }],
  ["EXAONE 4 with a pattern in letters", "exaone4", { sliding_window_pattern: "LLLG", layer_types: undefined }],
  ["Falcon in the new form with branches behind each other", "falcon", { parallel_attn: false }],
  ["Falcon with three norms", "falcon", { num_ln_in_parallel_attn: 3 }],
  ["Falcon with keys for some of the queries", "falcon-7b-like", { multi_query: false, num_kv_heads: 2 }],
  ["GPT-J that turns an odd number", "gptj", { rotary_dim: 7 }],
  ["GPT-J that turns nothing", "gptj", { rotary_dim: null }],
  ["Granite whose logits are divided by 0", "granite", { logits_scaling: 0 }],
  ["Helium whose heads do not fit", "helium", { head_dim: 8 }],
  ["Hunyuan without a head's size", "hunyuan_v1_dense", { head_dim: undefined }],
  ["Ministral 3 without a scale of queries", "ministral3", rope({ rope_type: "yarn", factor: 4 })],
  ["MPT with learned positions", "mpt", inAttention({ alibi: false })],
  ["MPT with other slopes", "mpt", inAttention({ alibi_bias_max: 16 })],
  ["MPT with norms of queries and keys", "mpt", inAttention({ qk_ln: true })],
  ["MPT with a prefix", "mpt", inAttention({ prefix_lm: true })],
  ["MPT with shared keys", "mpt", inAttention({ attn_type: "multiquery_attention" })],
  ["MPT with biases", "mpt", { no_bias: false }],
  ["MPT with another width", "mpt", { expansion_ratio: 2 }],
  ["MPT with scaled logits", "mpt", { logit_scale: "inv_sqrt_d_model" }],
  ["MPT with other norms", "mpt", { norm_type: "rmsnorm" }],
  ["OLMo clipped to nothing", "olmo", { clip_qkv: -1 }],
  ["Phi that turns an odd number", "phi", rope({ rope_type: "default", partial_rotary_factor: 0.19 })],
  ["layers that slide without a window", "gemma3", { sliding_window: null }],
  ["layers that slide where windows are off", "qwen2", { layer_types: new Array<string>(6).fill("sliding_attention") }],
  ["layers of an unknown type", "gemma2", { layer_types: new Array<string>(6).fill("chunked_attention") }],
  ["layer types for fewer layers", "gemma2", { layer_types: ["full_attention"] }],
  ["layer types for more layers", "gemma2", { layer_types: new Array<string>(7).fill("full_attention") }],
  ["Mistral with layer types and no head size", "mistral", { layer_types: null, head_dim: undefined }],
  [
    "layers without positions that are no numbers",
    "smollm3",
    { no_rope_layers: [true, true, true, false, true, true] },
  ],
  ["a share of each head that is null", "gpt_neox", { rotary_pct: null, rope_parameters: undefined }],
  ["GPT-2's own size null beside the common one", "gpt2", { n_embd: null, hidden_size: 64 }],
  ["query heads that do not share key heads evenly", "mistral", { num_attention_heads: 5 }],
  ["values that do not share heads evenly", "llama", { num_attention_heads: 5 }],
  ["no size", "llama", { hidden_size: undefined }],
  ["a size that is none", "llama", { hidden_size: "64" }],
  ["a size below 1", "llama", { num_hidden_layers: 0 }],
  ["a size beyond anything", "llama", { vocab_size: 2 ** 40 }],
  ["an epsilon that is no number", "llama", { rms_norm_eps: "small" }],
  ["a flag that is neither true nor false", "llama", { attention_bias: "yes" }],
];

/** Changes of a model that its tensors do not go with. */
const tensors: readonly (readonly [string, string, ModelChanges])[] = [
  ["a tensor missing", "llama", { tensors: (all) => void all.delete("model.layers.3.mlp.up_proj.weight") }],
  ["a head missing", "llama", { tensors: (all) => void all.delete("lm_head.weight") }],
  [
    "a matrix of another shape",
    "llama",
    { tensors: (all) => void reshape(all, "model.layers.2.self_attn.k_proj.weight") },
  ],
  ["a norm of another shape", "llama", { tensors: (all) => void all.set("model.norm.weight", vector(32)) }],
  ["more layers than tensors", "llama", { config: (config) => ({ ...config, num_hidden_layers: 7 }) }],
  ["another vocabulary", "llama", { config: (config) => ({ ...config, vocab_size: 500 }) }],
  ["fewer learned positions", "gpt2", { config: (config) => ({ ...config, n_positions: 4096 }) }],
  ["a bias missing", "qwen2", { tensors: (all) => void all.delete("model.layers.0.self_attn.q_proj.bias") }],
];

function reshape(all: Map<string, StoredTensor>, name: string): void {
  const tensor = all.get(name);
  if (tensor === undefined) throw new Error(`the fixture lacks ${name}`);
  tensor.shape.reverse();
}

const vector = (length: number): StoredTensor => ({
  dtype: "F32",
  shape: [length],
  bytes: new Uint8Array(4 * length),
});

describe("what we do not compute", () => {
  test("is refused by name, in one line", async () => {
    const lines: string[] = [];
    for (const [name, fixture, change] of configurations) {
      const copy = await ModelCopy.of(fixture, { config: (config) => changed(config, change) });
      lines.push(`${name}:`, `  ${await refusal(copy)}`);
    }
    for (const [name, fixture, changes] of tensors)
      lines.push(`${name}:`, `  ${await refusal(await ModelCopy.of(fixture, changes))}`);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("refusals.txt");
  });

  test("is refused before any tensor is looked for", () => {
    expect(() => architectureOf({ model_type: "rwkv" }, "model")).toThrow("the architecture 'rwkv'");
  });
});

async function refusal(copy: ModelCopy): Promise<string> {
  try {
    return (
      await failureOf(async () => {
        const model = await openModel(copy.path);
        await model.close();
      })
    ).replaceAll(copy.path, "MODEL");
  } finally {
    await copy.remove();
  }
}
