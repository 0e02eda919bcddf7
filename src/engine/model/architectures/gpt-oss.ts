import type { Node } from "../../graph/graph";
import type { Architecture, Experts } from "./architecture";
import type { BlockBuilder } from "./block-builder";
import type { ConfigReader } from "./config-reader";
import { clipped, decoder, decoderSizes, windows } from "./decoder";
import { mixture } from "./mixture";
import { inOwnKeys } from "./own-keys";
import { commonRopeKeys, ropeOf } from "./rope";
import { isFalse } from "./rope-parameters";
import { choiceOf, topSoftmaxRouter } from "./routers";

/** gpt-oss: every other layer slides, heads have sinks, everything has biases; experts with a clamped SwiGLU, stored `[experts, in, out]`. */
export function gptOss(given: ConfigReader): Architecture {
  const config = withRope(
    inOwnKeys(given, { num_experts: "num_local_experts" }).withDefaults({
      num_key_value_heads: 8,
      head_dim: 64,
      num_local_experts: 128,
      num_experts_per_tok: 4,
      sliding_window: 128,
      rms_norm_eps: 1e-5,
    }),
  );
  const sizes = decoderSizes(config);
  const choice = choiceOf(config, "num_local_experts");
  const bias = config.flag("attention_bias", true);
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    sinks: "self_attn.sinks",
    rope: { full: ropeOf(config, sizes, { ...commonRopeKeys, theta: { key: "rope_theta", fallback: 150000 } }) },
    layer: windows(config, sizes.layers, (layer) => (layer + 1) % 2 !== 0),
    feedForward: mixture({
      router: topSoftmaxRouter("mlp.router", choice, true),
      experts: clampedExperts(choice.experts, sizes.feedForwardSize, {
        alpha: config.number("swiglu_alpha", 1.702),
        limit: config.positive("swiglu_limit", 7),
      }),
    }),
  });
}

/** The rope of a configuration that says nothing of it. */
function withRope(config: ConfigReader): ConfigReader {
  if (config.has("rope_parameters") || !isFalse(config.values.rope_scaling)) return config;
  const rope = { rope_type: "yarn", factor: 32, beta_fast: 32, beta_slow: 1, truncate: false };
  return config.with({ rope_parameters: { ...rope, original_max_position_embeddings: 4096 } });
}

/** `down((up + 1) · gate · sigmoid(alpha · gate))`, gate at most `limit` and up within it; rows of gate and up take turns in one matrix. */
function clampedExperts(
  count: number,
  size: number,
  { alpha, limit }: { readonly alpha: number; readonly limit: number },
): Experts {
  const fused = "gate_up_proj";
  const rows = (first: number): [number, number][] =>
    Array.from({ length: size }, (_, i) => [2 * i + first, 2 * i + first + 1]);
  return {
    count,
    compute: (b, x) => {
      const both = b.project(x, fused, 2 * size, true);
      const [batch, tokens] = both.shape as [Node["shape"][number], Node["shape"][number]];
      const pairs = b.reshape(both, [batch, tokens, size, 2]);
      const half = (i: number): Node => b.reshape(b.slice(pairs, 3, i, i + 1), [batch, tokens, size]);
      const gate = atMost(b, half(0), limit);
      const up = clipped(b, half(1), limit);
      const gated = b.multiply(gate, b.unary("sigmoid", b.multiply(gate, alpha)));
      return b.project(b.multiply(b.add(up, 1), gated), "down_proj", Number(x.shape.at(-1)), true);
    },
    nameOf: (name, expert) => `mlp.experts.${expert}.${name}`,
    fused: {
      [fused]: [
        { name: "gate", rows: rows(0) },
        { name: "up", rows: rows(1) },
      ],
    },
  };
}

function atMost(b: BlockBuilder, x: Node, limit: number): Node {
  return b.subtract(x, b.unary("relu", b.subtract(x, limit)));
}
