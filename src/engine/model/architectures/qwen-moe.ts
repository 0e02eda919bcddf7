import type { Architecture, LayerKind } from "./architecture";
import type { BlockBuilder } from "./block-builder";
import type { Node } from "../../graph/graph";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, type DecoderOptions } from "./decoder";
import { activationOf, gatedFeedForward } from "./feed-forward";
import { gatedExperts, mixture, namesIn, type Mixture } from "./mixture";
import { inOwnKeys } from "./own-keys";
import { switchedWindows } from "./qwen2";
import { choiceOf, softmaxRouter } from "./routers";

/** Qwen1.5-MoE and Qwen2-MoE: Qwen2 with experts, and one besides that all tokens pass, weighed by a gate of its own. */
export function qwen2Moe(given: ConfigReader): Architecture {
  // transformers writes 0 where windows are switched off
  const config = withoutUnusedWindow(given)
    .withDefaults({
      num_key_value_heads: 16,
      num_experts: 60,
      num_experts_per_tok: 4,
      moe_intermediate_size: 1408,
      shared_expert_intermediate_size: 5632,
      sliding_window: 4096,
    })
    .refusingNull("head_dim");
  const first = config.number("max_window_layers", 28);
  return decoder(config, {
    attentionBias: { queryKeyValue: config.flag("qkv_bias", true), output: false },
    layer: switchedWindows(config, (layer) => (layer + 1) % 2 !== 0 && layer < first),
    ...experts(config, sharedExpert(config)),
  });
}

/** The expert that all tokens pass, weighed by a gate of its own. */
export function sharedExpert(config: ConfigReader): NonNullable<Mixture["shared"]> {
  const shared = gatedFeedForward(
    config.size("shared_expert_intermediate_size"),
    activationOf(config, "hidden_act", "silu"),
    namesIn("mlp.shared_expert"),
  );
  return (b, x) => b.multiply(shared.apply(b, x), b.unary("sigmoid", b.project(x, "mlp.shared_expert_gate", 1)));
}

function withoutUnusedWindow(config: ConfigReader): ConfigReader {
  const { sliding_window: window, use_sliding_window: slides } = config.values;
  return window === 0 && slides !== true ? config.with({ sliding_window: null }) : config;
}

/** Qwen3-MoE: Qwen3 with experts. */
export function qwen3Moe(given: ConfigReader): Architecture {
  const config = inOwnKeys(given, { num_local_experts: "num_experts" }).withDefaults({
    num_key_value_heads: 4,
    num_experts: 128,
    num_experts_per_tok: 8,
    moe_intermediate_size: 768,
    sliding_window: 4096,
  });
  const bias = config.flag("attention_bias", false);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    queryKeyNorm: "head",
    layer: everyWindow(config),
    ...experts(config),
  });
}

/** All layers slide where `use_sliding_window` says so. */
function everyWindow(config: ConfigReader): (layer: number) => LayerKind {
  const window = config.optionalSize("sliding_window");
  const slides = config.flag("use_sliding_window", false);
  return () => (slides && window !== undefined ? { window } : {});
}

/** Experts in the layers that `decoder_sparse_step` and `mlp_only_layers` leave; the feed-forward of the others is LLaMA's. */
function experts(
  config: ConfigReader,
  shared?: (b: BlockBuilder, x: Node) => Node,
): Pick<DecoderOptions, "feedForward" | "parts"> {
  const { feedForwardSize, layers } = decoderSizes(config);
  const activation = activationOf(config, "hidden_act", "silu");
  const choice = choiceOf(config, "num_experts");
  const parts: Mixture = {
    router: softmaxRouter("mlp.gate", choice, config.flag("norm_topk_prob", false)),
    experts: gatedExperts(choice.experts, config.size("moe_intermediate_size"), activation),
    shared,
  };
  const step = config.size("decoder_sparse_step", 1);
  const dense = config.layerList("mlp_only_layers");
  const isDense = (layer: number): boolean => dense.includes(layer) || (layer + 1) % step !== 0;
  const plain = gatedFeedForward(feedForwardSize, activation);
  const isAny = Array.from({ length: layers }, (_, layer) => layer).some((layer) => !isDense(layer));
  if (!isAny) return { feedForward: plain };
  const ofDense = { feedForward: plain };
  return { feedForward: mixture(parts), parts: (layer) => (isDense(layer) ? ofDense : undefined) };
}
