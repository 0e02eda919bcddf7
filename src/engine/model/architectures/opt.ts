import type { Architecture } from "./architecture";
import { normsAfterResidual, normsBefore } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder } from "./decoder";
import { activationOf, plainFeedForward } from "./feed-forward";
import { normOf, type NormStyle } from "./norm";
import { inCommonKeys } from "./own-keys";

/** OPT learned its positions from row 2 on. */
const POSITION_OFFSET = 2;

/** OPT: learned positions; norms in front, or behind the residual stream and with a narrower embedding (350M). */
export function opt(given: ConfigReader): Architecture {
  const hiddenSize = given.size("hidden_size");
  const config = inCommonKeys(given, {
    layers: given.size("num_hidden_layers"),
    hiddenSize,
    feedForwardSize: given.size("ffn_dim", 3072),
    queryHeads: given.size("num_attention_heads"),
    context: given.size("max_position_embeddings"),
  }).withDefaults({ tie_word_embeddings: true });
  const bias = config.flag("enable_bias", true);
  const isBefore = config.flag("do_layer_norm_before", true);
  const hasFinalNorm = isBefore && !config.flag("_remove_final_layer_norm", false);
  const width = config.optionalSize("word_embed_proj_dim") ?? hiddenSize;
  const affine = config.flag("layer_norm_elementwise_affine", true);
  const norms: NormStyle = { kind: "layer", tensors: affine ? "weight and bias" : "none", epsilon: 1e-5 };
  const order = isBefore ? normsBefore : normsAfterResidual;
  const projected = (name: string) =>
    width === hiddenSize ? undefined : { weight: `model.decoder.${name}.weight`, width };
  return decoder(config, {
    names: {
      blocks: "model.decoder.layers",
      tokens: "model.decoder.embed_tokens.weight",
      output: "self_attn.out_proj",
    },
    embedding: {
      positions: { weight: "model.decoder.embed_positions.weight", offset: POSITION_OFFSET },
      projection: projected("project_in"),
    },
    attentionBias: { queryKeyValue: bias, output: bias },
    rope: "none",
    norms,
    feedForward: plainFeedForward(
      config.size("intermediate_size"),
      activationOf(config, "activation_function", "relu"),
      { up: "fc1", down: "fc2", bias },
    ),
    head: {
      norm: hasFinalNorm ? normOf(norms, "model.decoder.final_layer_norm") : undefined,
      projection: projected("project_out"),
    },
    block: order({ attention: "self_attn_layer_norm", feedForward: "final_layer_norm" }),
  });
}
