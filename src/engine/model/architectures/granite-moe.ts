import type { Architecture, Experts } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes } from "./decoder";
import { activationOf, type Activation } from "./feed-forward";
import { graniteOptions } from "./granite";
import { mixture } from "./mixture";
import { choiceOf, topSoftmaxRouter } from "./routers";

/** Granite 3.0 MoE (1B and 3B): Granite with experts whose matrices are stored as one tensor, gate and up fused. */
export function graniteMoe(given: ConfigReader): Architecture {
  const config = given.withDefaults({ num_local_experts: 8, num_experts_per_tok: 2 });
  const sizes = decoderSizes(config);
  const choice = choiceOf(config, "num_local_experts");
  return decoder(config, {
    ...graniteOptions(config),
    feedForward: mixture({
      router: topSoftmaxRouter("block_sparse_moe.router.layer", choice),
      experts: fusedExperts(choice.experts, sizes.feedForwardSize, activationOf(config, "hidden_act", "silu")),
    }),
  });
}

function fusedExperts(count: number, size: number, activation: Activation): Experts {
  const [input, output] = ["input_linear", "output_linear"];
  return {
    count,
    compute: (b, x) => {
      const fused = b.project(x, input, 2 * size);
      const [gate, up] = [b.slice(fused, 2, 0, size), b.slice(fused, 2, size, 2 * size)];
      return b.project(b.multiply(activation(b, gate), up), output, Number(x.shape.at(-1)));
    },
    nameOf: (name, expert) => `block_sparse_moe.${name}.${expert}`,
    fused: {
      [input]: [
        { name: "gate", rows: [[0, size]] },
        { name: "up", rows: [[size, 2 * size]] },
      ],
    },
  };
}
