import {
  apertusConfig,
  bloomConfig,
  cohere2Config,
  cohereConfig,
  exaone4Config,
  falconConfig,
  gemma2Config,
  gemma3Config,
  gemmaConfig,
  glm4Config,
  glmConfig,
  gpt2Config,
  gptNeoxConfig,
  graniteConfig,
  llamaConfig,
  llamaLike,
  mistral3Config,
  mptConfig,
  nemotronConfig,
  olmo2Config,
  olmoConfig,
  phi2Config,
  phi3Config,
  qwen2VlConfig,
  qwen3VlConfig,
  seedOssConfig,
  smollm3Config,
  stablelmConfig,
  starcoder2Config,
} from "./gguf-configs";
import { gemma4Config, lfm2Config, qwen35Config, qwen35MoeConfig } from "./gguf-hybrid-configs";
import {
  deepseekV3Config,
  glm4MoeConfig,
  gptOssConfig,
  graniteMoeConfig,
  mixtralConfig,
  minimaxM2Config,
  olmoeConfig,
  qwen2MoeConfig,
  qwen3MoeConfig,
} from "./gguf-mixture-configs";
import type { Config, GgufDescription } from "./gguf-description";
import { GGUF_NAMES, type GgufNames } from "./gguf-names";

/** What llama.cpp's conversion (its `conversion/*.py`) did to an architecture's tensors, and what its metadata stand for. */
export interface GgufArchitecture {
  readonly names: GgufNames | ((description: GgufDescription) => GgufNames);
  /** Rows of q and k are interleaved for llama.cpp's rotary embedding of neighbours. */
  readonly permuted?: boolean;
  /** Rows of the fused matrix are all queries, all keys, all values; Hugging Face has them key by key. */
  readonly fusedByPart?: boolean;
  /** Value heads of linear attention that share a key stand elsewhere. */
  readonly tiled?: boolean;
  /** Norm weights are stored as 1 + w. */
  readonly normsPlusOne?: boolean;
  /** It may have experts. */
  readonly experts?: boolean;
  /** The Hugging Face checkpoint of this `model_type` has experts in one tensor (`stacked-experts.ts`). */
  readonly stacks?: string;
  /** Vectors of single layers that stand in the metadata, by their names inside a block. */
  readonly layerValues?: Readonly<Record<string, LayerValue>>;
  /** The configuration, as far as the computation depends on it, in the keys of the Hugging Face model's: `model_type` and what goes with it. */
  readonly config: (description: GgufDescription) => Config;
}

interface LayerValue {
  /** Of the metadata: one number for each layer, or one for all. */
  readonly key: string;
  readonly shape: readonly number[];
}

const llamaNamed = { names: GGUF_NAMES.llama };

/** The architectures that are read of GGUF files, by their `general.architecture`. */
export const GGUF_ARCHITECTURES: ReadonlyMap<string, GgufArchitecture> = new Map<string, GgufArchitecture>([
  [
    "llama",
    {
      names: ({ experts }) => (experts > 0 ? GGUF_NAMES.mixtral : GGUF_NAMES.llama),
      permuted: true,
      experts: true,
      config: (description) => (description.experts > 0 ? mixtralConfig : llamaConfig)(description),
    },
  ],
  ["mistral3", { ...llamaNamed, permuted: true, config: mistral3Config }],
  ["qwen2", { ...llamaNamed, config: llamaLike("qwen2") }],
  ["qwen2vl", { ...llamaNamed, config: qwen2VlConfig }],
  ["qwen3", { names: GGUF_NAMES.normedHeads, config: llamaLike("qwen3") }],
  ["qwen3vl", { names: GGUF_NAMES.normedHeads, config: qwen3VlConfig }],
  ["gpt2", { names: GGUF_NAMES.gpt2, config: gpt2Config }],
  ["gptneox", { names: GGUF_NAMES.gptNeox, fusedByPart: true, config: gptNeoxConfig }],
  ["bloom", { names: GGUF_NAMES.bloom, fusedByPart: true, config: bloomConfig }],
  [
    "falcon",
    {
      names: (description) => (description.blockHas("attn_norm_2.weight") ? GGUF_NAMES.falconNew : GGUF_NAMES.falcon),
      fusedByPart: true,
      config: falconConfig,
    },
  ],
  ["mpt", { names: GGUF_NAMES.mpt, config: mptConfig }],
  ["phi2", { names: GGUF_NAMES.phi2, config: phi2Config }],
  ["phi3", { names: GGUF_NAMES.phi3, config: phi3Config }],
  ["gemma", { ...llamaNamed, normsPlusOne: true, config: gemmaConfig }],
  ["gemma2", { names: GGUF_NAMES.gemma2, normsPlusOne: true, config: gemma2Config }],
  ["gemma3", { names: GGUF_NAMES.gemma3, normsPlusOne: true, config: gemma3Config }],
  ["olmo", { names: GGUF_NAMES.olmo, permuted: true, config: olmoConfig }],
  ["olmo2", { names: GGUF_NAMES.normsBehind, config: olmo2Config }],
  ["granite", { ...llamaNamed, permuted: true, config: graniteConfig }],
  ["command-r", { names: GGUF_NAMES.cohere, config: cohereConfig }],
  ["cohere2", { names: GGUF_NAMES.cohere, config: cohere2Config }],
  ["chatglm", { names: GGUF_NAMES.glm, config: glmConfig }],
  ["glm4", { names: GGUF_NAMES.glm4, config: glm4Config }],
  ["exaone4", { names: GGUF_NAMES.normsBehind, config: exaone4Config }],
  ["stablelm", { names: GGUF_NAMES.stablelm, config: stablelmConfig }],
  ["starcoder2", { names: GGUF_NAMES.starcoder2, config: starcoder2Config }],
  ["nemotron", { names: GGUF_NAMES.noGate, normsPlusOne: true, config: nemotronConfig }],
  [
    "apertus",
    {
      names: GGUF_NAMES.apertus,
      layerValues: {
        "mlp.act_fn.alpha_p": { key: "xielu.alpha_p", shape: [1] },
        "mlp.act_fn.alpha_n": { key: "xielu.alpha_n", shape: [1] },
        "mlp.act_fn.beta": { key: "xielu.beta", shape: [] },
        "mlp.act_fn.eps": { key: "xielu.eps", shape: [] },
      },
      config: apertusConfig,
    },
  ],
  ["arcee", { names: GGUF_NAMES.noGate, permuted: true, config: llamaLike("arcee", { hidden_act: "relu2" }) }],
  ["ernie4_5", { ...llamaNamed, config: llamaLike("ernie4_5") }],
  ["hunyuan-dense", { names: GGUF_NAMES.hunyuan, config: llamaLike("hunyuan_v1_dense") }],
  ["seed_oss", { names: GGUF_NAMES.seedOss, config: seedOssConfig }],
  ["smollm3", { ...llamaNamed, permuted: true, config: smollm3Config }],
  ["gemma4", { names: GGUF_NAMES.gemma4, config: gemma4Config }],
  [
    "qwen35moe",
    { names: GGUF_NAMES.qwen35Moe, tiled: true, normsPlusOne: true, experts: true, config: qwen35MoeConfig },
  ],
  ["qwen35", { names: GGUF_NAMES.qwen35, tiled: true, normsPlusOne: true, config: qwen35Config }],
  ["lfm2", { names: GGUF_NAMES.lfm2, config: lfm2Config }],
  ["minimax-m2", { names: GGUF_NAMES.minimaxM2, experts: true, config: minimaxM2Config }],
  ["qwen2moe", { names: GGUF_NAMES.qwen2Moe, experts: true, config: qwen2MoeConfig }],
  ["qwen3moe", { names: GGUF_NAMES.normedHeadsMoe, experts: true, config: qwen3MoeConfig }],
  ["olmoe", { names: GGUF_NAMES.normedHeadsMoe, experts: true, config: olmoeConfig }],
  [
    "granitemoe",
    { names: GGUF_NAMES.graniteMoe, permuted: true, experts: true, stacks: "granitemoe", config: graniteMoeConfig },
  ],
  ["gpt-oss", { names: GGUF_NAMES.gptOss, experts: true, stacks: "gpt_oss", config: gptOssConfig }],
  ["glm4moe", { names: GGUF_NAMES.glm4Moe, experts: true, config: glm4MoeConfig }],
  ["deepseek2", { names: GGUF_NAMES.deepseek2, experts: true, config: deepseekV3Config }],
]);

/**
 * Tensors that the computation does not use: of older conversions, and of the parts of a model for pictures and sounds (`v.`, `a.`, `mm.`),
 * which Ollama packs into the model's file.
 */
export const UNUSED_TENSORS =
  /^(v|a|mm)\.|\.attn_rot_embd$|\.attn_rot_embd\.weight$|\.attention\.rotary_emb\.inv_freq$/;
