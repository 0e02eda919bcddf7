import type { Node } from "../../graph/graph";
import type { Architecture } from "./architecture";
import type { BlockBuilder } from "./block-builder";
import { normsBefore } from "./block-orders";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { activationOf, plainFeedForward, type Activation } from "./feed-forward";
import { softplus } from "./softplus";

/** What transformers (`configuration_apertus.py`) takes where no rope is said. */
const usualRope = {
  rope_type: "llama3",
  rope_theta: 12e6,
  factor: 8,
  original_max_position_embeddings: 8192,
  low_freq_factor: 1,
  high_freq_factor: 4,
};

/** Apertus: LLaMA with norms on heads, and a feed-forward without gate whose activation has weights of its own. */
export function apertus(given: ConfigReader): Architecture {
  const config = given
    .withDefaults({ rms_norm_eps: 1e-5, rope_theta: usualRope.rope_theta })
    .refusingNull("head_dim")
    .with(given.has("rope_parameters") ? {} : { rope_parameters: usualRope });
  const bias = config.flag("attention_bias", false);
  const activation =
    config.string("hidden_act", "xielu") === "xielu" ? xielu : activationOf(config, "hidden_act", "xielu");
  return decoder(config, {
    attentionBias: { queryKeyValue: bias, output: bias },
    queryKeyNorm: "head",
    feedForward: plainFeedForward(decoderSizes(config).feedForwardSize, activation),
    block: normsBefore({ attention: "attention_layernorm", feedForward: "feedforward_layernorm" }),
  });
}

/**
 * xIELU (arXiv 2411.13010; transformers, `activations.py`): `αp x² + β x` above 0, `αn (exp(min(x, ε)) − 1 − x) + β x` else, with
 * `αp = softplus(alpha_p)` and `αn = β + softplus(alpha_n)`.
 */
const xielu: Activation = (b, x) => {
  const weight = (name: string, shape: readonly number[]): Node => b.weight(`mlp.act_fn.${name}`, shape);
  const beta = weight("beta", []);
  const rising = softplus(b, weight("alpha_p", [1]));
  const falling = b.add(beta, softplus(b, weight("alpha_n", [1])));
  const epsilon = weight("eps", []);
  const bounded = b.subtract(epsilon, b.unary("relu", b.subtract(epsilon, x)));
  const above = b.multiply(b.multiply(x, x), rising);
  const below = b.multiply(b.subtract(expm1(b, bounded), x), falling);
  const isAbove = b.unary("step", x);
  const curved = b.add(below, b.multiply(isAbove, b.subtract(above, below)));
  return b.add(curved, b.multiply(x, beta));
};

/** exp(x) − 1 of x ≤ 0, `2 t / (1 − t)` with t = tanh(x/2): near 0 nothing is lost. */
function expm1(b: BlockBuilder, x: Node): Node {
  const t = b.unary("tanh", b.multiply(x, 0.5));
  return b.divide(b.multiply(t, 2), b.subtract(b.constant(1), t));
}
