import type { Architecture } from "../../model/architectures/architecture";
import type { Rope } from "../../model/architectures/rope";
import { flag, flags, float32, int32s, text, uint32, type TypedValue } from "../../model/formats/gguf-values";
import type { HubModel } from "./hub-model";

/*
 * What a GGUF file says of each architecture: `src/engine/model/formats/gguf-configs.ts` the other way round. Sources of the keys: the
 * converter's `set_gguf_parameters`. Keys lack the architecture's name in front.
 */

/** Of entries that are undefined nothing is written. */
type Entries = Readonly<Record<string, TypedValue | undefined>>;

interface Written {
  /** `general.architecture` */
  readonly architecture: string;
  readonly entries: (model: HubModel) => Entries;
  /** What llama.cpp computes otherwise, whatever the file says, as a sentence; undefined: nothing. */
  readonly note?: (model: HubModel) => string | undefined;
}

/** What stands in the file of a model whose metadata LLaMA's are. */
function usual(model: HubModel): Entries {
  const { layers, hiddenSize, queryHeads, keyValueHeads, headSize, vocabularySize, head, rope } = model.definition;
  const epsilon = head.norm?.epsilon;
  return {
    block_count: uint32(layers),
    context_length: uint32(contextOf(model)),
    embedding_length: uint32(hiddenSize),
    feed_forward_length: uint32(feedForwardSize(model)),
    "attention.head_count": uint32(queryHeads),
    "attention.head_count_kv": uint32(keyValueHeads),
    [`attention.layer_norm_${head.norm?.kind === "rms" ? "rms_" : ""}epsilon`]:
      epsilon === undefined ? undefined : float32(epsilon),
    "attention.key_length": uint32(headSize),
    "attention.value_length": uint32(headSize),
    vocab_size: uint32(vocabularySize),
    ...(rope && ropeEntries(model, rope.full)),
  };
}

/** Texts of models whose positions have no end are as long as they were in training. */
function contextOf(model: HubModel): number {
  const { context } = model.definition;
  return Number.isFinite(context)
    ? context
    : (model.number("max_position_embeddings") ?? model.number("seq_length") ?? model.number("max_seq_len") ?? 2048);
}

/** That of layers without experts; where all have some, what the configuration says. */
function feedForwardSize(model: HubModel): number {
  const { definition } = model;
  const modules = model.model.blocks.flatMap(({ common, definition: block }) =>
    common.modules.filter(({ name }) => name === block.neurons),
  );
  return modules[0]?.in ?? model.number("intermediate_size") ?? expertSize(model) ?? definition.hiddenSize;
}

function ropeEntries(model: HubModel, rope: Rope): Entries {
  const settings = model.rope;
  const number = (key: string): number | undefined => (typeof settings[key] === "number" ? settings[key] : undefined);
  const type = settings.rope_type ?? settings.type ?? "default";
  const theta = model.theta("full");
  const trained = number("original_max_position_embeddings") ?? model.number("original_max_position_embeddings");
  const factor = number("factor");
  const scaled = (name: string): Entries => ({
    "rope.scaling.type": text(name),
    "rope.scaling.factor": factor === undefined ? undefined : float32(factor),
    "rope.scaling.original_context_length": trained === undefined ? undefined : uint32(trained),
  });
  const plain = {
    "rope.freq_base": theta === undefined ? undefined : float32(theta),
    "rope.dimension_count": uint32(rope.rotated),
  };
  switch (type) {
    case "linear":
      return { ...plain, ...scaled("linear") };
    case "yarn":
      return {
        ...plain,
        ...scaled("yarn"),
        "rope.scaling.yarn_beta_fast": float32(number("beta_fast") ?? 32),
        "rope.scaling.yarn_beta_slow": float32(number("beta_slow") ?? 1),
        ...yarnWeight(rope, factor, number("mscale"), number("mscale_all_dim")),
      };
    case "longrope":
    case "su":
      // its divisors are tensors
      return { ...plain, ...scaled("longrope"), "rope.scaling.attn_factor": float32(rope.scale) };
    default:
      // llama3's and Gemma 4's divisors are a tensor
      return plain;
  }
}

/** What cosines and sines are scaled by, where it is not what follows from the factor. */
function yarnWeight(rope: Rope, factor = 1, weight?: number, weightOfAll?: number): Entries {
  if (weight && weightOfAll) return { "rope.scaling.yarn_log_multiplier": float32(weightOfAll) };
  const usualScale = factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1;
  return Math.abs(rope.scale / usualScale - 1) < 1e-6
    ? {}
    : { "rope.scaling.attn_factor": float32(rope.scale / usualScale) };
}

function sliding(model: HubModel): Entries {
  const { window } = model;
  return { "attention.sliding_window": window === undefined ? undefined : uint32(window) };
}

/** Which layers slide, written for every layer. */
function slidingPattern(model: HubModel): Entries {
  const { window, windows } = model;
  if (window === undefined) return {};
  return {
    "attention.sliding_window": uint32(window),
    "attention.sliding_window_pattern": flags(windows.map((one) => one !== undefined)),
  };
}

function slidingTheta(model: HubModel): Entries {
  const theta = model.theta("sliding");
  return { "rope.freq_base_swa": theta === undefined ? undefined : float32(theta) };
}

/** @param otherwise what is written where there is no such cap: of some architectures llama.cpp takes one for granted */
function softCap(model: HubModel, key: string, otherwise?: number): Entries {
  const cap = model.number(key) ?? otherwise;
  return { [key]: cap === undefined ? undefined : float32(cap) };
}

const expertSize = (model: HubModel): number | undefined => model.number("moe_intermediate_size");

function experts(model: HubModel, also: Entries = {}): Entries {
  const { experts: routed } = model;
  if (routed === undefined) return {};
  return { expert_count: uint32(routed.count), expert_used_count: uint32(routed.perToken), ...also };
}

/** Experts with a width of their own. */
function sizedExperts(model: HubModel, also: Entries = {}): Entries {
  const size = expertSize(model) ?? model.number("intermediate_size");
  return experts(model, { expert_feed_forward_length: size === undefined ? undefined : uint32(size), ...also });
}

function sharedExpert(model: HubModel): Entries {
  const size = model.number("shared_expert_intermediate_size");
  return { expert_shared_feed_forward_length: size === undefined ? undefined : uint32(size) };
}

/** ggml's number of sigmoids. */
const SIGMOID = 2;

/** Experts as DeepSeek-V3 has them. */
function limitedExperts(model: HubModel): Entries {
  const { config } = model;
  return sizedExperts(model, {
    expert_shared_count: uint32(model.number("n_shared_experts") ?? 1),
    expert_group_count: uint32(model.number("n_group") ?? 1),
    expert_group_used_count: uint32(model.number("topk_group") ?? 1),
    expert_gating_func: uint32(SIGMOID),
    expert_weights_scale: float32(model.number("routed_scaling_factor") ?? 1),
    expert_weights_norm: flag(config.norm_topk_prob !== false),
    leading_dense_block_count: uint32(model.layersWithoutExperts),
  });
}

function granite(model: HubModel): Entries {
  const scale = (key: string): TypedValue => float32(model.number(key) ?? 1);
  return {
    ...usual(model),
    "attention.scale": scale("attention_multiplier"),
    embedding_scale: scale("embedding_multiplier"),
    residual_scale: scale("residual_multiplier"),
    logit_scale: scale("logits_scaling"),
  };
}

function clipped(clip: unknown): Entries {
  return { "attention.clamp_kqv": typeof clip === "number" ? float32(clip) : undefined };
}

function logitScale({ definition }: HubModel): Entries {
  return { logit_scale: float32(definition.head.scale ?? 1) };
}

/** By time, height and width, each by some of the pairs; for text the three are one position. */
function ropeSections(model: HubModel, otherwise?: readonly number[]): Entries {
  const { mrope_section: given = otherwise } = model.rope;
  if (!Array.isArray(given)) return {};
  return { "rope.dimension_sections": int32s([...given.map(Number), 0, 0, 0].slice(0, 4)) };
}

/** All pairs that turn in three sections, where a configuration says none: those of Qwen3.5, of 32. */
function thirds(model: HubModel): number[] {
  const pairs = (model.definition.rope?.full.rotated ?? 0) / 2;
  const third = Math.ceil(pairs / 3);
  const second = Math.min(third, pairs - third);
  return [third, second, pairs - third - second];
}

function deltaRules(model: HubModel): Entries {
  const number = (key: string, otherwise: number): number => model.number(key) ?? otherwise;
  const { layers, layer, block } = model.definition;
  const recurrent = Array.from({ length: layers }, (_, index) => (layer(index).block ?? block) !== block);
  const valueHeads = number("linear_num_value_heads", 32);
  return {
    ...usual(model),
    ...ropeSections(model, thirds(model)),
    "ssm.conv_kernel": uint32(number("linear_conv_kernel_dim", 4)),
    "ssm.state_size": uint32(number("linear_key_head_dim", 128)),
    "ssm.group_count": uint32(number("linear_num_key_heads", 16)),
    "ssm.time_step_rank": uint32(valueHeads),
    "ssm.inner_size": uint32(valueHeads * number("linear_value_head_dim", 128)),
    "attention.recurrent_layers": flags(recurrent),
    full_attention_interval: uint32(number("full_attention_interval", 4)),
  };
}

function deepseekV3(model: HubModel): Entries {
  const number = (key: string, otherwise: number): number => model.number(key) ?? otherwise;
  const [rank, turned] = [number("kv_lora_rank", 512), number("qk_rope_head_dim", 64)];
  const queryRank = model.config.q_lora_rank === null ? undefined : number("q_lora_rank", 1536);
  const { "rope.scaling.yarn_log_multiplier": weight, ...common } = usual(model);
  return {
    ...common,
    ...limitedExperts(model),
    // all heads have the same keys: what is turned, behind the narrow vector
    "attention.head_count_kv": uint32(1),
    "attention.key_length": uint32(rank + turned),
    "attention.value_length": uint32(rank),
    "attention.q_lora_rank": queryRank === undefined ? undefined : uint32(queryRank),
    "attention.kv_lora_rank": uint32(rank),
    "attention.key_length_mla": uint32(number("qk_nope_head_dim", 128) + turned),
    "attention.value_length_mla": uint32(number("v_head_dim", 128)),
    // llama.cpp multiplies it by 10 again
    "rope.scaling.yarn_log_multiplier": weight && float32(0.1 * Number(weight.value)),
  };
}

function gemma4(model: HubModel): Entries {
  const { layers, layer, embedding, rope, vocabularySize } = model.definition;
  const kinds = Array.from({ length: layers }, (_, index) => layer(index));
  const heads = kinds.map(({ keyValueHeads }) => keyValueHeads ?? model.definition.keyValueHeads);
  const widths = model.model.blocks.map(
    ({ common, definition }) => common.modules.find(({ name }) => name === definition.neurons)?.in ?? 0,
  );
  const sameOrEach = (values: readonly number[]): TypedValue =>
    values.every((value) => value === values[0]) ? uint32(values[0] ?? 0) : int32s(values);
  const [full, slid] = [rope?.full.rotated ?? 0, rope?.sliding?.rotated ?? 0];
  return {
    ...usual(model),
    ...softCap(model, "final_logit_softcapping", 0),
    ...slidingPattern(model),
    ...slidingTheta(model),
    vocab_size: uint32(vocabularySize),
    feed_forward_length: sameOrEach(widths),
    "attention.head_count_kv": sameOrEach(heads),
    "attention.key_length": uint32(full),
    "attention.value_length": uint32(full),
    "attention.key_length_swa": uint32(slid),
    "attention.value_length_swa": uint32(slid),
    "rope.dimension_count": uint32(full),
    "rope.dimension_count_swa": uint32(slid),
    "attention.shared_kv_layers": uint32(kinds.filter(({ borrowsFrom }) => borrowsFrom !== undefined).length),
    embedding_length_per_layer_input: uint32(embedding.perLayer?.size ?? 0),
  };
}

function lfm2(model: HubModel): Entries {
  const { layers, layer, block, keyValueHeads } = model.definition;
  return {
    ...usual(model),
    "attention.head_count_kv": int32s(
      Array.from({ length: layers }, (_, index) => ((layer(index).block ?? block) === block ? keyValueHeads : 0)),
    ),
    "shortconv.l_cache": uint32(model.number("conv_L_cache") ?? 3),
  };
}

function qwen3Vl(model: HubModel): Entries {
  const { vision_config: vision } = model.model.checkpoint.config;
  const indexes =
    typeof vision === "object" && vision !== null && "deepstack_visual_indexes" in vision
      ? vision.deepstack_visual_indexes
      : undefined;
  return {
    ...usual(model),
    ...ropeSections(model),
    n_deepstack_layers: uint32(Array.isArray(indexes) ? indexes.length : 0),
  };
}

function ministral3(model: HubModel): Entries {
  const { llama_4_scaling_beta: beta } = model.rope;
  return { ...usual(model), "attention.temperature_scale": typeof beta === "number" ? float32(beta) : undefined };
}

const named = (architecture: string, entries: Written["entries"] = usual, note?: Written["note"]): Written => ({
  architecture,
  entries,
  ...(note && { note }),
});

/** It reads no window of these. */
function seesAll({ window }: HubModel): string | undefined {
  if (window === undefined) return undefined;
  return `llama.cpp lets every token see all before it, and this model ${window} of them: on longer texts the two predict otherwise.`;
}

/** It takes the model of 64 layers for the one that has windows. */
function seesAllBut64(model: HubModel): string | undefined {
  return model.definition.layers === 64 ? undefined : seesAll(model);
}

const roundsYarn = (model: HubModel): string | undefined =>
  model.rope.truncate === false
    ? "llama.cpp rounds where the scaling of positions begins and ends, and this model does not: the two predict a little otherwise."
    : undefined;

const phi3 = (model: HubModel): Entries => {
  const trained = model.number("original_max_position_embeddings");
  return {
    ...usual(model),
    "rope.scaling.original_context_length": trained === undefined ? undefined : uint32(trained),
    "attention.sliding_window": uint32(model.window ?? 0),
  };
};

/** What is written of a model by its `model_type`, or by that of the text model inside it. */
const WRITTEN: Readonly<Record<string, Written>> = {
  llama: named("llama"),
  mistral: named("llama", (model) => ({ ...usual(model), ...sliding(model) }), seesAll),
  ministral3: named("mistral3", ministral3),
  mistral3: named("mistral3", ministral3),
  mixtral: named("llama", (model) => ({ ...usual(model), ...experts(model), ...sliding(model) }), seesAll),
  qwen2: named("qwen2"),
  qwen2_5_vl: named("qwen2vl", (model) => ({ ...usual(model), ...ropeSections(model) })),
  qwen3: named("qwen3"),
  qwen3_vl_text: named("qwen3vl", qwen3Vl),
  qwen2_moe: named("qwen2moe", (model) => ({
    ...usual(model),
    ...sizedExperts(model, sharedExpert(model)),
    expert_weights_norm: flag(model.config.norm_topk_prob === true),
  })),
  qwen3_moe: named("qwen3moe", (model) => ({ ...usual(model), ...sizedExperts(model) })),
  qwen3_5_text: named("qwen35", deltaRules),
  qwen3_5_moe_text: named("qwen35moe", (model) => ({
    ...deltaRules(model),
    ...sizedExperts(model, sharedExpert(model)),
  })),
  gpt2: named("gpt2"),
  gpt_neox: named("gptneox", (model) => ({
    ...usual(model),
    use_parallel_residual: flag(model.config.use_parallel_residual !== false),
  })),
  bloom: named("bloom"),
  falcon: named("falcon", (model) => ({ ...usual(model), tensor_data_layout: text("jploski") })),
  mpt: named("mpt", (model) => ({
    ...usual(model),
    ...clipped(model.object("attn_config")?.clip_qkv),
    "attention.max_alibi_bias": float32(8),
  })),
  phi: named("phi2"),
  phi3: named("phi3", phi3),
  gemma: named("gemma"),
  gemma2: named("gemma2", (model) => ({
    ...usual(model),
    ...softCap(model, "attn_logit_softcapping", 0),
    ...softCap(model, "final_logit_softcapping", 0),
    ...sliding(model),
  })),
  gemma3_text: named("gemma3", (model) => ({
    ...usual(model),
    ...softCap(model, "final_logit_softcapping"),
    ...sliding(model),
    ...slidingTheta(model),
  })),
  gemma4_text: named("gemma4", gemma4),
  olmo: named("olmo", (model) => ({ ...usual(model), ...clipped(model.config.clip_qkv) })),
  olmo2: named("olmo2"),
  olmo3: named("olmo2", (model) => ({ ...usual(model), ...slidingPattern(model), ...slidingTheta(model) })),
  olmoe: named("olmoe", (model) => ({ ...usual(model), ...experts(model), ...clipped(model.config.clip_qkv) })),
  granite: named("granite", granite),
  granitemoe: named("granitemoe", (model) => ({ ...granite(model), ...experts(model) })),
  cohere: named("command-r", (model) => ({ ...usual(model), ...logitScale(model) })),
  cohere2: named("cohere2", (model) => ({ ...usual(model), ...logitScale(model), ...sliding(model) })),
  glm: named("chatglm"),
  glm4: named("glm4"),
  glm4_moe: named("glm4moe", (model) => ({ ...usual(model), ...limitedExperts(model) })),
  exaone4: named("exaone4", (model) => ({ ...usual(model), ...slidingPattern(model) }), seesAllBut64),
  stablelm: named("stablelm", (model) => ({
    ...usual(model),
    use_parallel_residual: flag(model.config.use_parallel_residual === true),
  })),
  starcoder2: named("starcoder2", (model) => ({ ...usual(model), ...sliding(model) }), seesAll),
  nemotron: named("nemotron"),
  apertus: named("apertus"),
  arcee: named("arcee"),
  ernie4_5: named("ernie4_5"),
  hunyuan_v1_dense: named("hunyuan-dense"),
  seed_oss: named("seed_oss"),
  smollm3: named("smollm3"),
  lfm2: named("lfm2", lfm2),
  minimax_m2: named("minimax-m2", (model) => ({
    ...usual(model),
    ...sizedExperts(model, { expert_gating_func: uint32(SIGMOID) }),
  })),
  gpt_oss: named("gpt-oss", (model) => ({ ...usual(model), ...sizedExperts(model), ...sliding(model) }), roundsYarn),
  deepseek_v3: named("deepseek2", deepseekV3),
};

/** Those of which llama.cpp (v0.5.0) takes for granted that all heads together are as wide as hidden states: of other models it refuses the files. */
const HEADS_AS_WIDE: ReadonlySet<string> = new Set([
  "chatglm",
  "exaone4",
  "lfm2",
  "nemotron",
  "olmo",
  "olmo2",
  "phi2",
  "phi3",
  "qwen2",
  "qwen2moe",
  "starcoder2",
]);

/** Whether llama.cpp opens files of an architecture whose heads are as wide together as these. */
export function takesHeads(architecture: string, { queryHeads, headSize, hiddenSize }: Architecture): boolean {
  return !HEADS_AS_WIDE.has(architecture) || queryHeads * headSize === hiddenSize;
}

/** What is written of a model; undefined where GGUF files of its architecture are not. */
export function writtenOf({ modelTypes }: HubModel): Written | undefined {
  const type = modelTypes.find((one) => Object.hasOwn(WRITTEN, one));
  return type === undefined ? undefined : WRITTEN[type];
}
