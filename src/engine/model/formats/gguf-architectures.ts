/**
 * What llama.cpp's conversion did to each architecture's tensors, and what its metadata does not say. Names are those of
 * gguf-py's tensor_mapping.py, conversions those of llama.cpp's `conversion/*.py`.
 */
export interface GgufArchitecture {
  /** transformers' `model_type`. */
  readonly modelType: string;
  /** Names outside the blocks, without `.weight` or `.bias`. */
  readonly outside: Readonly<Record<string, string>>;
  /** Where the blocks are: `model.layers`. */
  readonly blocks: string;
  /** Names inside a block, without its prefix and `.weight` or `.bias`. */
  readonly inside: Readonly<Record<string, string>>;
  /** Rows of q and k are interleaved for llama.cpp's rotary embedding of neighbours. */
  readonly permuted?: boolean;
  /** Rows of the fused matrix are all q, all k, all v; Hugging Face has q, k, v per head. */
  readonly fusedByPart?: boolean;
  /** Norm weights are stored as 1 + w. */
  readonly normsPlusOne?: boolean;
  /** Keys of config.json that are the same for all models of the architecture, and are not in the metadata. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Used where the metadata lacks `rope.freq_base`, as transformers does. */
  readonly ropeTheta?: number;
  /** Layer i attends to all positions where (i + 1) is a multiple of this, else to a window; where not in the metadata. */
  readonly slidingPattern?: number;
  /** The rotary base of the layers with a window; where not in the metadata. */
  readonly slidingRopeTheta?: number;
  /** Where the layer count is this, queries are scaled by hiddenSize / heads, else by the head's size (27B models). */
  readonly layersScaledByWidth?: number;
}

const LLAMA_OUTSIDE = {
  token_embd: "model.embed_tokens",
  output_norm: "model.norm",
  output: "lm_head",
};

const LLAMA_INSIDE = {
  attn_norm: "input_layernorm",
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
  ffn_norm: "post_attention_layernorm",
  ffn_gate: "mlp.gate_proj",
  ffn_up: "mlp.up_proj",
  ffn_down: "mlp.down_proj",
};

const QK_NORMS = { attn_q_norm: "self_attn.q_norm", attn_k_norm: "self_attn.k_norm" };

const GEMMA_INSIDE = {
  ...LLAMA_INSIDE,
  post_attention_norm: "post_attention_layernorm",
  ffn_norm: "pre_feedforward_layernorm",
  post_ffw_norm: "post_feedforward_layernorm",
};

const LLAMA_LIKE = { outside: LLAMA_OUTSIDE, blocks: "model.layers", inside: LLAMA_INSIDE };

/** The architectures that are read of GGUF files, by their `general.architecture`. */
export const GGUF_ARCHITECTURES: ReadonlyMap<string, GgufArchitecture> = new Map<string, GgufArchitecture>([
  ["llama", { ...LLAMA_LIKE, modelType: "llama", permuted: true, ropeTheta: 10_000, defaults: { hidden_act: "silu" } }],
  ["qwen2", { ...LLAMA_LIKE, modelType: "qwen2", ropeTheta: 10_000, defaults: { hidden_act: "silu" } }],
  [
    "qwen3",
    {
      ...LLAMA_LIKE,
      modelType: "qwen3",
      inside: { ...LLAMA_INSIDE, ...QK_NORMS },
      ropeTheta: 10_000,
      defaults: { hidden_act: "silu" },
    },
  ],
  [
    "smollm3",
    {
      ...LLAMA_LIKE,
      modelType: "smollm3",
      permuted: true,
      ropeTheta: 2_000_000,
      defaults: { hidden_act: "silu", no_rope_layer_interval: 4 },
    },
  ],
  [
    "olmo2",
    {
      ...LLAMA_LIKE,
      modelType: "olmo2",
      inside: {
        ...LLAMA_INSIDE,
        ...QK_NORMS,
        post_attention_norm: "post_attention_layernorm",
        post_ffw_norm: "post_feedforward_layernorm",
      },
      ropeTheta: 10_000,
      defaults: { hidden_act: "silu" },
    },
  ],
  [
    "phi3",
    {
      ...LLAMA_LIKE,
      modelType: "phi3",
      inside: {
        attn_norm: "input_layernorm",
        attn_qkv: "self_attn.qkv_proj",
        attn_output: "self_attn.o_proj",
        ffn_norm: "post_attention_layernorm",
        ffn_up: "mlp.gate_up_proj",
        ffn_down: "mlp.down_proj",
      },
      ropeTheta: 10_000,
      defaults: { hidden_act: "silu" },
    },
  ],
  [
    "gemma2",
    {
      ...LLAMA_LIKE,
      modelType: "gemma2",
      inside: GEMMA_INSIDE,
      normsPlusOne: true,
      ropeTheta: 10_000,
      slidingPattern: 2,
      layersScaledByWidth: 46,
      defaults: {
        hidden_activation: "gelu_pytorch_tanh",
        attn_logit_softcapping: 50,
        final_logit_softcapping: 30,
        sliding_window: 4096,
      },
    },
  ],
  [
    "gemma3",
    {
      ...LLAMA_LIKE,
      modelType: "gemma3_text",
      inside: { ...GEMMA_INSIDE, ...QK_NORMS },
      normsPlusOne: true,
      ropeTheta: 1_000_000,
      slidingPattern: 6,
      slidingRopeTheta: 10_000,
      layersScaledByWidth: 62,
      defaults: {
        hidden_activation: "gelu_pytorch_tanh",
        attn_logit_softcapping: null,
        final_logit_softcapping: null,
        sliding_window: 4096,
      },
    },
  ],
  [
    "gpt2",
    {
      modelType: "gpt2",
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
      defaults: { activation_function: "gelu_new" },
    },
  ],
  [
    "gptneox",
    {
      modelType: "gpt_neox",
      outside: {
        token_embd: "gpt_neox.embed_in",
        output_norm: "gpt_neox.final_layer_norm",
        output: "embed_out",
      },
      blocks: "gpt_neox.layers",
      inside: {
        attn_norm: "input_layernorm",
        attn_qkv: "attention.query_key_value",
        attn_output: "attention.dense",
        ffn_norm: "post_attention_layernorm",
        ffn_up: "mlp.dense_h_to_4h",
        ffn_down: "mlp.dense_4h_to_h",
      },
      fusedByPart: true,
      ropeTheta: 10_000,
      defaults: { hidden_act: "gelu" },
    },
  ],
]);

/** Tensors that are no weights of the model but parts of its rotary embedding: kept under their own name. */
export const ROPE_TENSORS = /^(rope_freqs|rope_factors_long|rope_factors_short)\.weight$/;
/**
 * Tensors that the computation does not use: of older conversions, and of the parts of a model for pictures and sounds (`v.`, `a.`, `mm.`),
 * which Ollama packs into the model's file.
 */
export const UNUSED_TENSORS =
  /^(v|a|mm)\.|\.attn_rot_embd$|\.attn_rot_embd\.weight$|\.attention\.rotary_emb\.inv_freq$/;
