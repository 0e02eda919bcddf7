import type { Node } from "../../graph/graph";
import type { Architecture } from "./architecture";
import { attention } from "./attention";
import type { ConfigReader } from "./config-reader";
import { activationOf } from "./feed-forward";
import type { Norm } from "./norm";

/** GPT-2: learned positions, layer norms, biases, fused `c_attn`. */
export function gpt2(given: ConfigReader): Architecture {
  const config = inOwnKeys(given);
  const hiddenSize = config.size("n_embd");
  const heads = config.size("n_head");
  const headSize = hiddenSize / heads;
  if (!Number.isInteger(headSize)) config.fail(`splits ${hiddenSize} values between ${heads} heads`);
  const inner = config.optionalSize("n_inner") ?? 4 * hiddenSize;
  const epsilon = config.number("layer_norm_epsilon", 1e-5);
  const activation = activationOf(config, "activation_function", "gelu_new");
  if (config.flag("scale_attn_by_inverse_layer_idx", false))
    config.unsupported("attention scaled by the layer's number");
  if (config.flag("add_cross_attention", false)) config.unsupported("cross attention");
  const scale = config.flag("scale_attn_weights", true) ? 1 / Math.sqrt(headSize) : 1;
  const shape = { queryHeads: heads, keyValueHeads: heads, headSize, rotated: 0, scale };
  const norm = (name: string): Norm => ({ kind: "layer", weight: `${name}.weight`, bias: `${name}.bias`, epsilon });
  const neurons = "mlp.c_proj";

  return {
    modelType: "gpt2",
    layers: config.size("n_layer"),
    hiddenSize,
    vocabularySize: config.size("vocab_size"),
    context: config.size("n_positions"),
    queryHeads: heads,
    keyValueHeads: heads,
    headSize,
    blocks: "transformer.h",
    embedding: {
      tokens: "transformer.wte.weight",
      scale: 1,
      positions: { weight: "transformer.wpe.weight", offset: 0 },
    },
    head: {
      weight: "lm_head.weight",
      isTied: config.flag("tie_word_embeddings", true),
      norm: norm("transformer.ln_f"),
    },
    layer: () => ({}),
    block: (b) => {
      const x = b.hidden;
      const fused = b.project(b.normalize(x, norm("ln_1")), "attn.c_attn", 3 * hiddenSize, true);
      const part = (i: number): Node => b.slice(fused, 2, i * hiddenSize, (i + 1) * hiddenSize);
      const [query, key, value] = [part(0), part(1), part(2)];
      const mixed = attention(b, b.select(query), key, value, shape);
      const attended = b.join("attention", b.select(x), b.project(mixed, "attn.c_proj", hiddenSize, true));
      const expanded = activation(b, b.project(b.normalize(attended, norm("ln_2")), "mlp.c_fc", inner, true));
      return b.join("feedForward", attended, b.project(expanded, neurons, hiddenSize, true));
    },
    neurons,
    fused: {
      "attn.c_attn": ["q", "k", "v"].map((name, i) => ({ name, rows: [[i * hiddenSize, (i + 1) * hiddenSize]] })),
    },
    heads: {
      "attn.c_attn": {
        axis: "rows",
        size: headSize,
        parts: ["q", "k", "v"].map((name, i) => ({ name, from: i * hiddenSize, stride: headSize, count: heads })),
      },
      "attn.c_proj": { axis: "columns", size: headSize, parts: [{ from: 0, stride: headSize, count: heads }] },
    },
  };
}

/** The names that other architectures have for it, and its own. */
const ownKeys = {
  hidden_size: "n_embd",
  num_hidden_layers: "n_layer",
  num_attention_heads: "n_head",
  max_position_embeddings: "n_positions",
} as const;

/**
 * Sizes in GPT-2's own keys. transformers (`configuration_utils.py`: fields first, then what else stands in the file, by `attribute_map`)
 * lets the common names win, in whatever order they stand.
 */
function inOwnKeys(config: ConfigReader): ConfigReader {
  const common = Object.entries(ownKeys).filter(([key]) => config.values[key] !== undefined);
  // what is overwritten must be a size all the same
  for (const [, own] of common) if (config.values[own] !== undefined) config.size(own);
  return config
    .with(Object.fromEntries(common.map(([key, own]) => [own, config.values[key]])))
    .withDefaults({ n_positions: 1024 });
}
