import type { Node } from "../../graph/graph";
import type { BlockBuilder } from "./block-builder";
import type { ConfigReader } from "./config-reader";

/** How tokens are routed: a scored matrix gives each expert a logit, `[batch, queries, experts]`. */
export interface Router {
  /** The matrix. */
  readonly name: string;
  readonly bias?: boolean;
  /** How many experts there are, and how many of them a token is routed to. */
  readonly count: number;
  readonly perToken: number;
  /** 1 for the experts that are chosen. No gradient passes it. */
  readonly choose: (b: BlockBuilder, logits: Node) => Node;
  /** What the chosen ones' outputs are multiplied by, 0 for all others. */
  readonly weigh: (b: BlockBuilder, logits: Node, chosen: Node) => Node;
}

/** How many experts there are, and how many of them a token is routed to. */
export interface Choice {
  readonly experts: number;
  readonly perToken: number;
}

/** Far below every logit, and finite. */
const FAR = 1e30;
const EXPERTS_AXIS = 2;

/** @throws ParamscopeError where more are chosen than there are. */
export function choiceOf(config: ConfigReader, key: string): Choice {
  const choice = { experts: config.size(key), perToken: config.size("num_experts_per_tok") };
  if (choice.perToken > choice.experts)
    config.fail(`routes a token to ${choice.perToken} experts of ${choice.experts}`);
  return choice;
}

/**
 * The likeliest experts; their probabilities among all are their weights, made to sum up to 1 where `normalizes`. Then they are their
 * probabilities among themselves, and are computed so: the others' logits have no part in them, not even by rounding.
 */
export function softmaxRouter(name: string, { experts, perToken }: Choice, normalizes: boolean): Router {
  if (normalizes) return topSoftmaxRouter(name, { experts, perToken });
  return {
    name,
    count: experts,
    perToken,
    choose: (b, logits) => b.largest(logits, perToken),
    weigh: (b, logits, chosen) => b.multiply(b.unary("softmax", logits), chosen),
  };
}

/** The experts with the largest logits; their weights are their probabilities among themselves. */
export function topSoftmaxRouter(name: string, { experts, perToken }: Choice, bias = false): Router {
  return {
    name,
    bias,
    count: experts,
    perToken,
    choose: (b, logits) => b.largest(logits, perToken),
    weigh: (b, logits, chosen) => {
      const others = b.multiply(b.subtract(chosen, 1), FAR);
      return b.unary("softmax", b.add(b.multiply(logits, chosen), others));
    },
  };
}

/** What a router that limits groups is made of (DeepSeek-V3, arXiv 2412.19437, section 2.1.2). */
export interface GroupLimits {
  /** Experts stand in so many groups, and those of a token come from so many of them: the ones whose best two sum up to the most. */
  readonly groups: number;
  readonly perToken: number;
  /** A vector `[experts]` that is added to scores for the choice alone. */
  readonly correction: string;
  readonly normalizes: boolean;
  /** Weights are multiplied by it. */
  readonly scale: number;
}

/** Scores are the sigmoids of logits; the experts of the best groups with the largest scores are chosen. */
export function sigmoidRouter(name: string, { experts, perToken }: Choice, limits: GroupLimits): Router {
  return {
    name,
    count: experts,
    perToken,
    choose: (b, logits) => {
      const corrected = b.add(b.unary("sigmoid", logits), b.weight(limits.correction, [experts]));
      return b.largest(withinBestGroups(b, corrected, experts, limits), perToken);
    },
    weigh: (b, logits, chosen) => {
      const weights = b.multiply(b.unary("sigmoid", logits), chosen);
      // transformers' guard against a sum of 0
      const sum = b.add(b.sum(weights, EXPERTS_AXIS), 1e-20);
      return b.multiply(limits.normalizes ? b.divide(weights, sum) : weights, limits.scale);
    },
  };
}

/** Scores `[batch, queries, experts]`, far below all others where the expert's group is none of the best. */
function withinBestGroups(b: BlockBuilder, scores: Node, experts: number, { groups, perToken }: GroupLimits): Node {
  if (perToken === groups) return scores;
  const grouped = b.reshape(scores, [...scores.shape.slice(0, 2), groups, experts / groups]);
  const bestTwo = b.sum(b.multiply(grouped, b.largest(grouped, 2)), 3, false);
  const best = b.reshape(b.largest(bestTwo, perToken), [...scores.shape.slice(0, 2), groups, 1]);
  const others = b.multiply(b.subtract(best, 1), FAR);
  return b.reshape(b.add(b.multiply(grouped, best), others), scores.shape);
}
