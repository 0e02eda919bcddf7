/** How transformers names the base model inside a CausalLM checkpoint, by `model_type`. */
const BASE_MODEL_PREFIX: Readonly<Record<string, string>> = {
  gpt2: "transformer.",
  gpt_neox: "gpt_neox.",
  gptj: "transformer.",
  bloom: "transformer.",
  falcon: "transformer.",
  mpt: "transformer.",
};

/** Models that see as well: several parts stand beside each other, and none is the base of the others. */
const WITHOUT_BASE: readonly string[] = [
  "gemma3",
  "gemma4",
  "mistral3",
  "qwen2_5_vl",
  "qwen3_vl",
  "qwen3_5",
  "qwen3_5_moe",
];

const USUAL_PREFIX = "model.";

/** Parameters beside the base model. */
const HEADS = /^(lm_head|embed_out)\./;

/** Buffers that older checkpoints hold beside the parameters: attention masks, rotary frequencies. */
const MASK = /\.(attn|attention)\.(bias|masked_bias)$|\.rotary_emb\.inv_freq$/;

/** What models for pictures and sounds have beside the part for text (their modules' names in transformers). */
const OTHER_SENSES =
  /^(model\.)?(vision_tower|vision_model|vision_embed_tokens|visual|multi_modal_projector|mm_projector|embed_vision|audio_tower|audio_projector|embed_audio)\./;

/** What predicts further tokens from what the model has for the next (DeepSeek, Qwen3-Next), and a value head for reinforcement learning. */
const OTHER_HEADS = /(^|\.)mtp\.|^v_head\./;

/** By what quantized checkpoints scale keys and values in the memory of earlier tokens, which we do not keep. */
const CACHE_SCALES = /\.(self_attn|attention|attn)\.(\w+_proj\.)?([qkv]|kv|prob|output)_(scale|zero_point)$/;

/**
 * Whether a text's way through the model does not touch a tensor: buffers of older checkpoints, parts for pictures and sounds, and what stands
 * beside the model's own head.
 */
export function takesNoPart(name: string): boolean {
  return [MASK, OTHER_SENSES, OTHER_HEADS, CACHE_SCALES].some((kind) => kind.test(name));
}

/**
 * A tensor's name in a CausalLM checkpoint. Files that were saved from the bare base model (GPT-2's and some of OPT's
 * own) lack its prefix: `h.0.ln_1.weight` is `transformer.h.0.ln_1.weight`.
 *
 * @param all All names of the checkpoint: the prefix is added only where no name has it.
 */
export function hubName(name: string, modelType: string, all: readonly string[]): string {
  const prefix = BASE_MODEL_PREFIX[modelType] ?? USUAL_PREFIX;
  if (WITHOUT_BASE.includes(modelType) || HEADS.test(name) || all.some((other) => other.startsWith(prefix)))
    return name;
  return prefix + name;
}

/** GPT-2's `Conv1D` stores `[in, out]`. */
export function isConv1D(name: string, modelType: string): boolean {
  return modelType === "gpt2" && /\.(c_attn|c_proj|c_fc|q_attn)\.weight$/.test(name);
}
