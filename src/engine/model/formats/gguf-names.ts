/** What a GGUF tensor is in the Hugging Face checkpoint. Names are without `.weight` and `.bias`. */
export type HubPart =
  | string
  /** Queries, keys and values one behind the other. */
  | { readonly queryKeyValue: readonly [query: string, key: string, value: string] }
  /** One tensor for each row: `name.0`, `name.1`, … */
  | { readonly eachRow: string }
  /** A matrix of one row, which files may hold as a vector. */
  | { readonly row: string }
  /** Filters of channels, of which the checkpoint has one of each: `[channels, 1, width]`. */
  | { readonly filters: string }
  /** A name that nothing comes behind: no `.weight`. */
  | { readonly exact: string }
  | ExpertsPart
  | LatentPart;

/** A tensor of all experts: one for each, `*` being its number. */
export interface ExpertsPart {
  /** Two: the first and the second half of each expert's rows. */
  readonly experts: string | readonly [first: string, second: string];
  /** It is one half of what is fused in the checkpoint: the one in front or behind, or every other row, the first or the second. */
  readonly half?: { readonly place: 0 | 1; readonly takesTurns: boolean };
}

/** Keys or values of latent attention, a matrix for each head, of which the checkpoint has one: head by head keys, then values. */
export interface LatentPart {
  readonly latent: string;
  readonly side: "key" | "value";
}

/** What the tensors of an architecture are called in a GGUF file (keys) and in the Hugging Face checkpoint: gguf-py's tensor_mapping.py. */
export interface GgufNames {
  /** Outside the blocks, without `.weight` or `.bias`. */
  readonly outside: Readonly<Record<string, string>>;
  /** Where the blocks are: `model.layers`. */
  readonly blocks: string;
  /** Inside a block, without its prefix and `.weight` or `.bias`; with them where the checkpoint's name lacks them. */
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
const NO_FEED_FORWARD = { ffn_gate: undefined, ffn_up: undefined, ffn_down: undefined };
/** A router, and experts each with three matrices. */
function expertsIn(module: string, router: string, [gate, up, down] = ["gate_proj", "up_proj", "down_proj"]) {
  return {
    ffn_gate_inp: router,
    ffn_gate_exps: { experts: `${module}.*.${gate}` },
    ffn_up_exps: { experts: `${module}.*.${up}` },
    ffn_down_exps: { experts: `${module}.*.${down}` },
  };
}
function sharedExpert(module: string) {
  return {
    ffn_gate_shexp: `${module}.gate_proj`,
    ffn_up_shexp: `${module}.up_proj`,
    ffn_down_shexp: `${module}.down_proj`,
  };
}
const EXPERTS = expertsIn("mlp.experts", "mlp.gate");
/** Dense layers first; in the others experts that a bias helps to choose, and shared ones. */
/** Experts, and one that all tokens pass, with a gate of its own. */
const QWEN_EXPERTS = {
  ...NO_FEED_FORWARD,
  ...EXPERTS,
  ...sharedExpert("mlp.shared_expert"),
  ffn_gate_inp_shexp: { row: "mlp.shared_expert_gate" },
} as const;

/** Qwen3.5's gated delta rules, and attention in some layers. */
const DELTA_RULES = {
  ...QK_NORMS,
  ffn_norm: undefined,
  post_attention_norm: "post_attention_layernorm",
  attn_qkv: "linear_attn.in_proj_qkv",
  attn_gate: "linear_attn.in_proj_z",
  ssm_alpha: "linear_attn.in_proj_a",
  ssm_beta: "linear_attn.in_proj_b",
  ssm_a: { exact: "linear_attn.A_log" },
  "ssm_dt.bias": { exact: "linear_attn.dt_bias" },
  ssm_conv1d: { filters: "linear_attn.conv1d" },
  ssm_norm: "linear_attn.norm",
  ssm_out: "linear_attn.out_proj",
} as const;

const LIMITED_EXPERTS = {
  ...EXPERTS,
  ...sharedExpert("mlp.shared_experts"),
  "exp_probs_b.bias": { exact: "mlp.gate.e_score_correction_bias" },
};
const halves = (experts: string, takesTurns: boolean): Readonly<Record<string, HubPart>> => ({
  ffn_gate_exps: { experts, half: { place: 0, takesTurns } },
  ffn_up_exps: { experts, half: { place: 1, takesTurns } },
});
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
  gemma4: likeLlama(
    {
      ...GEMMA,
      ...QK_NORMS,
      inp_gate: "per_layer_input_gate",
      proj: "per_layer_projection",
      post_norm: "post_per_layer_input_norm",
      "layer_output_scale.weight": { exact: "layer_scalar" },
    },
    {
      per_layer_token_embd: "model.embed_tokens_per_layer",
      per_layer_model_proj: "model.per_layer_model_projection",
      per_layer_proj_norm: "model.per_layer_projection_norm",
    },
  ),
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
  lfm2: likeLlama(
    {
      attn_norm: "operator_norm",
      attn_q_norm: "self_attn.q_layernorm",
      attn_k_norm: "self_attn.k_layernorm",
      attn_output: "self_attn.out_proj",
      "shortconv.conv": { filters: "conv.conv" },
      "shortconv.in_proj": "conv.in_proj",
      "shortconv.out_proj": "conv.out_proj",
      ffn_norm: "ffn_norm",
      ffn_gate: "feed_forward.w1",
      ffn_up: "feed_forward.w3",
      ffn_down: "feed_forward.w2",
    },
    { token_embd_norm: "model.embedding_norm" },
  ),
  qwen35: likeLlama(DELTA_RULES),
  qwen35Moe: likeLlama({ ...DELTA_RULES, ...QWEN_EXPERTS }),
  mixtral: likeLlama({
    ...NO_FEED_FORWARD,
    ...expertsIn("block_sparse_moe.experts", "block_sparse_moe.gate", ["w1", "w3", "w2"]),
  }),
  minimaxM2: likeLlama({
    ...NO_FEED_FORWARD,
    ...QK_NORMS,
    ...expertsIn("block_sparse_moe.experts", "block_sparse_moe.gate", ["w1", "w3", "w2"]),
    "exp_probs_b.bias": { exact: "block_sparse_moe.e_score_correction_bias" },
  }),
  qwen2Moe: likeLlama(QWEN_EXPERTS),
  /** Norms on queries and keys, and experts. */
  normedHeadsMoe: likeLlama({ ...NO_FEED_FORWARD, ...QK_NORMS, ...EXPERTS }),
  graniteMoe: likeLlama({
    ...NO_FEED_FORWARD,
    ffn_gate_inp: "block_sparse_moe.router.layer",
    ...halves("block_sparse_moe.input_linear.*", false),
    ffn_down_exps: { experts: "block_sparse_moe.output_linear.*" },
  }),
  gptOss: likeLlama({
    ...NO_FEED_FORWARD,
    ffn_norm: undefined,
    post_attention_norm: "post_attention_layernorm",
    "attn_sinks.weight": { exact: "self_attn.sinks" },
    ffn_gate_inp: "mlp.router",
    ...halves("mlp.experts.*.gate_up_proj", true),
    ffn_down_exps: { experts: "mlp.experts.*.down_proj" },
  }),
  glm4Moe: likeLlama({
    ...QK_NORMS,
    ...LIMITED_EXPERTS,
    ffn_norm: undefined,
    post_attention_norm: "post_attention_layernorm",
  }),
  deepseek2: likeLlama({
    ...LIMITED_EXPERTS,
    // of a conversion with --fuse-gate-up-exps
    ffn_gate_up_exps: { experts: ["mlp.experts.*.gate_proj", "mlp.experts.*.up_proj"] },
    attn_k: undefined,
    attn_v: undefined,
    attn_qkv: undefined,
    attn_q_a: "self_attn.q_a_proj",
    attn_q_a_norm: "self_attn.q_a_layernorm",
    attn_q_b: "self_attn.q_b_proj",
    attn_kv_a_mqa: "self_attn.kv_a_proj_with_mqa",
    attn_kv_a_norm: "self_attn.kv_a_layernorm",
    // the first conversions have it whole
    attn_kv_b: "self_attn.kv_b_proj",
    attn_k_b: { latent: "self_attn.kv_b_proj", side: "key" },
    attn_v_b: { latent: "self_attn.kv_b_proj", side: "value" },
  }),
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
