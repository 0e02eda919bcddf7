import type { Node } from "../../graph/graph";
import type { Architecture } from "./architecture";
import { attention } from "./attention";
import type { ConfigReader } from "./config-reader";
import { activationOf } from "./feed-forward";
import type { Norm } from "./norm";
import { ropeOf } from "./rope";

/** GPT-NeoX and Pythia: parallel or sequential residual, partial rope, `query_key_value` with q, k, v interleaved per head. */
export function gptNeox(config: ConfigReader): Architecture {
  const hiddenSize = config.size("hidden_size");
  const heads = config.size("num_attention_heads");
  const headSize = hiddenSize / heads;
  if (!Number.isInteger(headSize)) config.fail(`splits ${hiddenSize} values between ${heads} heads`);
  const inner = config.size("intermediate_size", 24576);
  const context = config.size("max_position_embeddings");
  const epsilon = config.number("layer_norm_eps", 1e-5);
  const bias = config.flag("attention_bias", true);
  const parallel = config.flag("use_parallel_residual", true);
  const activation = activationOf(config, "hidden_act", "gelu");
  // head_dim is of the rope alone
  const ropeSize = config.optionalSize("head_dim") ?? headSize;
  const rope = ropeOf(
    config,
    { headSize: ropeSize, partial: true },
    { theta: { key: "rotary_emb_base", fallback: 10000 }, share: { key: "rotary_pct", fallback: 0.25 } },
  );
  if (rope.rotated > headSize) config.fail(`turns ${rope.rotated} of ${headSize} values of a head`);
  const shape = {
    queryHeads: heads,
    keyValueHeads: heads,
    headSize,
    rotated: rope.rotated,
    scale: 1 / Math.sqrt(headSize),
  };
  const norm = (name: string): Norm => ({ kind: "layer", weight: `${name}.weight`, bias: `${name}.bias`, epsilon });
  const names = ["q", "k", "v"];
  const neurons = "mlp.dense_4h_to_h";

  return {
    modelType: "gpt_neox",
    layers: config.size("num_hidden_layers"),
    hiddenSize,
    vocabularySize: config.size("vocab_size"),
    context,
    queryHeads: heads,
    keyValueHeads: heads,
    headSize,
    blocks: "gpt_neox.layers",
    embedding: { tokens: "gpt_neox.embed_in.weight", scale: 1 },
    head: {
      weight: "embed_out.weight",
      isTied: config.flag("tie_word_embeddings", false),
      norm: norm("gpt_neox.final_layer_norm"),
    },
    rope: { full: rope },
    layer: () => ({}),
    block: (b) => {
      const x = b.hidden;
      const normalized = b.normalize(x, norm("input_layernorm"));
      const fused = b.reshape(b.project(normalized, "attention.query_key_value", 3 * hiddenSize, bias), [
        "batch",
        "tokens",
        heads,
        3 * headSize,
      ]);
      const part = (i: number): Node =>
        b.reshape(b.slice(fused, 3, i * headSize, (i + 1) * headSize), ["batch", "tokens", hiddenSize]);
      const [query, key, value] = [part(0), part(1), part(2)];
      const mixed = b.project(attention(b, b.select(query), key, value, shape), "attention.dense", hiddenSize, bias);
      const selected = b.select(x);
      const attended = b.join("attention", selected, mixed);
      const second = b.normalize(parallel ? selected : attended, norm("post_attention_layernorm"));
      const expanded = activation(b, b.project(second, "mlp.dense_h_to_4h", inner, true));
      return b.join("feedForward", attended, b.project(expanded, neurons, hiddenSize, true));
    },
    neurons,
    fused: {
      "attention.query_key_value": names.map((name, i) => ({
        name,
        rows: Array.from({ length: heads }, (_, head): [number, number] => {
          const from = (3 * head + i) * headSize;
          return [from, from + headSize];
        }),
      })),
    },
    heads: {
      "attention.query_key_value": {
        axis: "rows",
        size: headSize,
        parts: names.map((name, i) => ({ name, from: i * headSize, stride: 3 * headSize, count: heads })),
      },
      "attention.dense": { axis: "columns", size: headSize, parts: [{ from: 0, stride: headSize, count: heads }] },
    },
  };
}
