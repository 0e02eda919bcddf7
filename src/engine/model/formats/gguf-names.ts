/** What a GGUF tensor is in the Hugging Face checkpoint. Names are without `.weight` and `.bias`. */
export type HubPart =
  | string
  /** Queries, keys and values one behind the other. */
  | { readonly queryKeyValue: readonly [query: string, key: string, value: string] }
  /** One tensor for each row: `name.0`, `name.1`, … */
  | { readonly eachRow: string };

/** What the tensors of an architecture are called in a GGUF file (keys) and in the Hugging Face checkpoint: gguf-py's tensor_mapping.py. */
export interface GgufNames {
  /** Outside the blocks, without `.weight` or `.bias`. */
  readonly outside: Readonly<Record<string, string>>;
  /** Where the blocks are: `model.layers`. */
  readonly blocks: string;
  /** Inside a block, without its prefix and `.weight` or `.bias`. */
  readonly inside: Readonly<Record<string, HubPart>>;
}

const LLAMA: GgufNames = {
  outside: { token_embd: "model.embed_tokens", output_norm: "model.norm", output: "lm_head" },
  blocks: "model.layers",
  inside: {
    attn_norm: "input_layernorm",
    attn_q: "self_attn.q_proj",
    attn_k: "self_attn.k_proj",
    attn_v: "self_attn.v_proj",
    // of a conversion with --fuse-qkv, and of the first ones of some architectures
    attn_qkv: { queryKeyValue: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"] },
    attn_output: "self_attn.o_proj",
    ffn_norm: "post_attention_layernorm",
    ffn_gate: "mlp.gate_proj",
    ffn_up: "mlp.up_proj",
    ffn_down: "mlp.down_proj",
  },
};

/** LLaMA's names but for these inside a block; undefined: there is none. */
function likeLlama(
  inside: Readonly<Record<string, HubPart | undefined>>,
  outside: GgufNames["outside"] = {},
): GgufNames {
  return {
    ...LLAMA,
    outside: { ...LLAMA.outside, ...outside },
    inside: Object.fromEntries(
      Object.entries({ ...LLAMA.inside, ...inside }).flatMap(([own, hub]) => (hub === undefined ? [] : [[own, hub]])),
    ),
  };
}

const QK_NORMS = { attn_q_norm: "self_attn.q_norm", attn_k_norm: "self_attn.k_norm" };
const NORMS_BEHIND = {
  attn_norm: undefined,
  ffn_norm: undefined,
  post_attention_norm: "post_attention_layernorm",
  post_ffw_norm: "post_feedforward_layernorm",
};
const GEMMA = {
  post_attention_norm: "post_attention_layernorm",
  ffn_norm: "pre_feedforward_layernorm",
  post_ffw_norm: "post_feedforward_layernorm",
};
const GATE_AND_UP = { ffn_gate: undefined, ffn_up: "mlp.gate_up_proj" };
const NO_GATE = { ffn_gate: undefined };

/** BLOOM's, GPT-NeoX's and Falcon's feed-forward. */
const FEED_FORWARD_4H = { ffn_up: "mlp.dense_h_to_4h", ffn_down: "mlp.dense_4h_to_h" };
const BLOOM: GgufNames = {
  outside: {
    token_embd: "transformer.word_embeddings",
    token_embd_norm: "transformer.word_embeddings_layernorm",
    output_norm: "transformer.ln_f",
    output: "lm_head",
  },
  blocks: "transformer.h",
  inside: {
    attn_norm: "input_layernorm",
    attn_qkv: "self_attention.query_key_value",
    attn_output: "self_attention.dense",
    ffn_norm: "post_attention_layernorm",
    ...FEED_FORWARD_4H,
  },
};

/** By what is called alike. */
export const GGUF_NAMES = {
  llama: LLAMA,
  /** Norms on queries and keys. */
  normedHeads: likeLlama(QK_NORMS),
  /** No gate in the feed-forward. */
  noGate: likeLlama(NO_GATE),
  /** Norms behind attention and feed-forward, and on queries and keys. */
  normsBehind: likeLlama({ ...NORMS_BEHIND, ...QK_NORMS }),
  gemma2: likeLlama(GEMMA),
  gemma3: likeLlama({ ...GEMMA, ...QK_NORMS }),
  /** No norms that have weights. */
  olmo: likeLlama({ attn_norm: undefined, ffn_norm: undefined }),
  /** One norm for attention and feed-forward. */
  cohere: likeLlama({ ffn_norm: undefined, ...QK_NORMS }),
  hunyuan: likeLlama({ attn_q_norm: "self_attn.query_layernorm", attn_k_norm: "self_attn.key_layernorm" }),
  seedOss: likeLlama({ ffn_norm: undefined, post_attention_norm: "post_attention_layernorm" }),
  stablelm: likeLlama({
    attn_q_norm: { eachRow: "self_attn.q_layernorm.norms" },
    attn_k_norm: { eachRow: "self_attn.k_layernorm.norms" },
  }),
  starcoder2: likeLlama({ ...NO_GATE, ffn_up: "mlp.c_fc", ffn_down: "mlp.c_proj" }),
  apertus: likeLlama({
    ...NO_GATE,
    ...QK_NORMS,
    attn_norm: "attention_layernorm",
    ffn_norm: "feedforward_layernorm",
  }),
  phi2: likeLlama(
    {
      ...NO_GATE,
      ffn_norm: undefined,
      attn_output: "self_attn.dense",
      ffn_up: "mlp.fc1",
      ffn_down: "mlp.fc2",
    },
    { output_norm: "model.final_layernorm" },
  ),
  phi3: likeLlama({
    ...GATE_AND_UP,
    attn_q: undefined,
    attn_k: undefined,
    attn_v: undefined,
    attn_qkv: "self_attn.qkv_proj",
  }),
  glm: likeLlama(GATE_AND_UP),
  glm4: likeLlama({
    ...GATE_AND_UP,
    post_attention_norm: "post_self_attn_layernorm",
    post_ffw_norm: "post_mlp_layernorm",
  }),
  bloom: BLOOM,
  /** With one norm for attention and feed-forward, or (`falconNew`) one for each. */
  falcon: BLOOM,
  falconNew: {
    ...BLOOM,
    inside: { ...BLOOM.inside, attn_norm: "ln_mlp", attn_norm_2: "ln_attn" },
  },
  mpt: {
    outside: { token_embd: "transformer.wte", output_norm: "transformer.norm_f", output: "lm_head" },
    blocks: "transformer.blocks",
    inside: {
      attn_norm: "norm_1",
      attn_qkv: "attn.Wqkv",
      attn_output: "attn.out_proj",
      ffn_norm: "norm_2",
      ffn_up: "ffn.up_proj",
      ffn_down: "ffn.down_proj",
    },
  },
  gpt2: {
    outside: {
      token_embd: "transformer.wte",
      position_embd: "transformer.wpe",
      output_norm: "transformer.ln_f",
      output: "lm_head",
    },
    blocks: "transformer.h",
    inside: {
      attn_norm: "ln_1",
      attn_qkv: "attn.c_attn",
      attn_output: "attn.c_proj",
      ffn_norm: "ln_2",
      ffn_up: "mlp.c_fc",
      ffn_down: "mlp.c_proj",
    },
  },
  gptNeox: {
    outside: { token_embd: "gpt_neox.embed_in", output_norm: "gpt_neox.final_layer_norm", output: "embed_out" },
    blocks: "gpt_neox.layers",
    inside: {
      attn_norm: "input_layernorm",
      attn_qkv: "attention.query_key_value",
      attn_output: "attention.dense",
      ffn_norm: "post_attention_layernorm",
      ...FEED_FORWARD_4H,
    },
  },
} as const satisfies Readonly<Record<string, GgufNames>>;
