import type { Architecture } from "./architecture";
import { attention } from "./attention";
import type { ConfigReader } from "./config-reader";
import { activationOf } from "./feed-forward";
import type { Norm } from "./norm";

/** OPT learned its positions from row 2 on. */
const POSITION_OFFSET = 2;

/** OPT with norms in front; the 350M model's norms behind and its embedding projections are refused. */
export function opt(config: ConfigReader): Architecture {
  const hiddenSize = config.size("hidden_size");
  const heads = config.size("num_attention_heads");
  const headSize = hiddenSize / heads;
  if (!Number.isInteger(headSize)) config.fail(`splits ${hiddenSize} values between ${heads} heads`);
  if (!config.flag("do_layer_norm_before", true))
    config.unsupported("layer norms behind attention (do_layer_norm_before)");
  if (config.flag("_remove_final_layer_norm", false)) config.unsupported("a head without a layer norm");
  if ((config.optionalSize("word_embed_proj_dim") ?? hiddenSize) !== hiddenSize)
    config.unsupported("a projected embedding");
  const inner = config.size("ffn_dim", 3072);
  const bias = config.flag("enable_bias", true);
  const affine = config.flag("layer_norm_elementwise_affine", true);
  if (!affine) config.unsupported("layer norms without weights");
  const activation = activationOf(config, "activation_function", "relu");
  const shape = { queryHeads: heads, keyValueHeads: heads, headSize, rotated: 0, scale: 1 / Math.sqrt(headSize) };
  const norm = (name: string): Norm => ({
    kind: "layer",
    weight: `${name}.weight`,
    bias: `${name}.bias`,
    epsilon: 1e-5,
  });
  const parts = [{ from: 0, stride: headSize, count: heads }];
  const neurons = "fc2";

  return {
    modelType: "opt",
    layers: config.size("num_hidden_layers"),
    hiddenSize,
    vocabularySize: config.size("vocab_size"),
    context: config.size("max_position_embeddings"),
    queryHeads: heads,
    keyValueHeads: heads,
    headSize,
    blocks: "model.decoder.layers",
    embedding: {
      tokens: "model.decoder.embed_tokens.weight",
      scale: 1,
      positions: { weight: "model.decoder.embed_positions.weight", offset: POSITION_OFFSET },
    },
    head: {
      weight: "lm_head.weight",
      isTied: config.flag("tie_word_embeddings", true),
      norm: norm("model.decoder.final_layer_norm"),
    },
    layer: () => ({}),
    block: (b) => {
      const x = b.hidden;
      const normalized = b.normalize(x, norm("self_attn_layer_norm"));
      const key = b.project(normalized, "self_attn.k_proj", hiddenSize, bias);
      const value = b.project(normalized, "self_attn.v_proj", hiddenSize, bias);
      const query = b.project(b.select(normalized), "self_attn.q_proj", hiddenSize, bias);
      const mixed = b.project(attention(b, query, key, value, shape), "self_attn.out_proj", hiddenSize, bias);
      const attended = b.join("attention", b.select(x), mixed);
      const expanded = activation(b, b.project(b.normalize(attended, norm("final_layer_norm")), "fc1", inner, bias));
      return b.join("feedForward", attended, b.project(expanded, neurons, hiddenSize, bias));
    },
    neurons,
    heads: {
      "self_attn.q_proj": { axis: "rows", size: headSize, parts },
      "self_attn.k_proj": { axis: "rows", size: headSize, parts },
      "self_attn.v_proj": { axis: "rows", size: headSize, parts },
      "self_attn.out_proj": { axis: "columns", size: headSize, parts },
    },
  };
}
