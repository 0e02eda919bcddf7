import type { Node } from "../../graph/graph";
import type { Experts, FusedPart } from "./architecture";
import type { BlockBuilder, Routing } from "./block-builder";
import type { Activation, FeedForward } from "./feed-forward";
import type { Router } from "./routers";

/** What a mixture of experts is made of. */
export interface Mixture {
  readonly router: Router;
  readonly experts: Experts;
  /** What every token passes besides: x `[batch, queries, hidden]` in and out. */
  readonly shared?: (b: BlockBuilder, x: Node) => Node;
}

/** A feed-forward of experts: `Σ_e weight_e(x) · expert_e(x)` over those that the router chooses, and what all tokens pass. */
export function mixture({ router, experts, shared }: Mixture): FeedForward {
  return {
    apply: (b, x) => {
      const routed = b.experts(x, routedBy(b, x, router));
      return shared === undefined ? routed : b.add(routed, shared(b, x));
    },
    fused: fusedOf(experts),
    experts: { ...experts, perToken: router.perToken, router: router.name },
  };
}

/** The fused matrices of all experts, by their names within the block. */
function fusedOf({ count, nameOf, fused = {} }: Experts): Record<string, readonly FusedPart[]> {
  return Object.fromEntries(
    Object.entries(fused).flatMap(([name, parts]) =>
      Array.from({ length: count }, (_, expert) => [nameOf(name, expert), parts] as const),
    ),
  );
}

function routedBy(b: BlockBuilder, x: Node, { name, bias = false, count, choose, weigh }: Router): Omit<Routing, "x"> {
  const logits = b.project(x, name, count, bias);
  const chosen = b.choice(() => choose(b, logits));
  return { chosen, weights: weigh(b, logits, chosen) };
}

/** The names of the three matrices of a gated feed-forward. */
export interface ExpertNames {
  readonly gate: string;
  readonly up: string;
  readonly down: string;
}

/** The names of a gated feed-forward's matrices within a module. */
export function namesIn(module: string): ExpertNames {
  return { gate: `${module}.gate_proj`, up: `${module}.up_proj`, down: `${module}.down_proj` };
}

const usual: ExpertNames = { gate: "gate_proj", up: "up_proj", down: "down_proj" };

/** Experts that are gated feed-forwards, `down(activation(gate(x)) · up(x))`: `PREFIX.3.gate_proj` and so on. */
export function gatedExperts(
  count: number,
  size: number,
  activation: Activation,
  { prefix = "mlp.experts", names = usual } = {},
): Experts {
  return {
    count,
    compute: (b, x) => {
      const gate = b.project(x, names.gate, size);
      const up = b.project(x, names.up, size);
      return b.project(b.multiply(activation(b, gate), up), names.down, Number(x.shape.at(-1)));
    },
    nameOf: (name, expert) => `${prefix}.${expert}.${name}`,
  };
}

/** The names of an expert's two matrices, gate and up in one of them. */
export interface FusedNames {
  readonly input: string;
  readonly output: string;
  readonly nameOf: Experts["nameOf"];
}

/** The same with gate and up one behind the other in one matrix. */
export function fusedExperts(
  count: number,
  size: number,
  activation: Activation,
  { input, output, nameOf }: FusedNames,
): Experts {
  return {
    count,
    compute: (b, x) => {
      const both = b.project(x, input, 2 * size);
      const [gate, up] = [b.slice(both, 2, 0, size), b.slice(both, 2, size, 2 * size)];
      return b.project(b.multiply(activation(b, gate), up), output, Number(x.shape.at(-1)));
    },
    nameOf,
    fused: {
      [input]: [
        { name: "gate", rows: [[0, size]] },
        { name: "up", rows: [[size, 2 * size]] },
      ],
    },
  };
}
