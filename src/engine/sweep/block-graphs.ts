import { differentiate } from "../graph/differentiate";
import { GraphBuilder, type Graph, type Node } from "../graph/graph";
import type { Architecture } from "../model/architectures/architecture";
import { BlockBuilder } from "../model/architectures/block-builder";
import type { Norm } from "../model/architectures/norm";

/** Further than any two logits are apart, and finite. */
const FAR = 1e30;

export const names = {
  output: "output",
  outputGradient: "outputGradient",
  inputGradient: "inputGradient",
  /** The input of module m is the output `x.${…}` of the backward graph, `[batch, tokens, in]`. */
  input: (module: string) => `x.${module}`,
  /** The gradient of its output is `delta.${…}`, `[batch, out, tokens]`: transposed, so that a tile of rows is read in order. */
  delta: (module: string) => `delta.${module}`,
} as const;

/** Hidden states through one block. With `selected`, those of some positions per sample come out. */
export function forwardGraph(architecture: Architecture, selected: boolean): Graph {
  const b = new BlockBuilder(architecture.hiddenSize, selected);
  return b.graph(new Map([[names.output, architecture.block(b)]]));
}

export interface BackwardGraph {
  readonly graph: Graph;
  /** Several modules may have the same input; it stands once among the outputs, under the name given here. */
  readonly inputOf: ReadonlyMap<string, string>;
  /** Modules of which only the selected positions have a gradient. */
  readonly selected: ReadonlySet<string>;
}

/** The graph from the gradient of a block's output to that of its input, and to what the gradient of every matrix is made of. */
export function backwardGraph(architecture: Architecture, selected: boolean): BackwardGraph {
  const b = new BlockBuilder(architecture.hiddenSize, selected);
  const output = architecture.block(b);
  const seed = b.input(names.outputGradient, output.shape);
  const { gradients, sites } = differentiate(b, [output], [seed], [b.hidden]);

  const outputs = new Map<string, Node>();
  const [inputGradient] = gradients;
  if (inputGradient === undefined) throw new Error("the block's output does not depend on its input");
  outputs.set(names.inputGradient, inputGradient);
  const written = new Map<number, string>();
  const inputOf = new Map<string, string>();
  const ofSelected = new Set<string>();
  for (const { name, x, delta } of sites) {
    const known = written.get(x.id) ?? names.input(name);
    if (!written.has(x.id)) outputs.set(known, x);
    written.set(x.id, known);
    inputOf.set(name, known);
    if (selected && delta.shape[1] === b.queries) ofSelected.add(name);
    outputs.set(names.delta(name), b.transpose(delta, [0, 2, 1]));
  }
  return { graph: b.graph(outputs), inputOf, selected: ofSelected };
}

/** Norm of hidden states `[rows, hidden]` in front of the head. */
export function normGraph({ hiddenSize, head }: Architecture): Graph {
  const b = new BlockBuilder(hiddenSize, false);
  return b.graph(new Map([[names.output, finalNorm(b, hiddenSize, head.norm)]]));
}

export function normBackwardGraph({ hiddenSize, head }: Architecture): Graph {
  const b = new BlockBuilder(hiddenSize, false);
  const output = finalNorm(b, hiddenSize, head.norm);
  const seed = b.input(names.outputGradient, output.shape);
  const [gradient] = differentiate(b, [output], [seed], [normInput(b, hiddenSize)]).gradients;
  if (gradient === undefined) throw new Error("the norm does not depend on its input");
  return b.graph(new Map([[names.inputGradient, gradient]]));
}

const normInput = (b: BlockBuilder, hiddenSize: number): Node => b.input("rows", ["count", hiddenSize]);
const finalNorm = (b: BlockBuilder, hiddenSize: number, norm: Norm): Node =>
  b.normalize(normInput(b, hiddenSize), norm);

/**
 * Logits `[rows, vocabulary chunk]` of normalized hidden states, soft-capped, and per row `[rows, 1]` the largest of them and
 * Σ exp(logit − largest).
 */
export function logitsGraph({ hiddenSize, head }: Architecture): Graph {
  const b = new GraphBuilder();
  const { capped } = logits(b, hiddenSize, head.softcap);
  const { largest, sum } = exponentials(b, capped);
  return b.graph(new Map(Object.entries({ logits: capped, largest, sum })));
}

function logits(
  b: GraphBuilder,
  hiddenSize: number,
  cap: number | undefined,
  names = { hidden: "hidden", embeddings: "embeddings" },
): { capped: Node; slope: Node | undefined } {
  const hidden = b.input(names.hidden, ["count", hiddenSize]);
  const embeddings = b.input(names.embeddings, ["chunk", hiddenSize]);
  const raw = b.matmul(hidden, embeddings, { transposeB: true });
  if (cap === undefined) return { capped: raw, slope: undefined };
  const t = b.unary("tanh", b.multiply(raw, 1 / cap));
  return { capped: b.multiply(t, cap), slope: b.subtract(b.constant(1), b.multiply(t, t)) };
}

/** The largest logit of each row of logits `[rows, chunk]`, `exp(logit − largest)`, and the sum of those. */
function exponentials(b: GraphBuilder, capped: Node): { largest: Node; powers: Node; sum: Node } {
  const largest = b.max(capped, 1);
  const powers = b.unary("exp", b.subtract(capped, largest));
  return { largest, powers, sum: b.sum(powers, 1) };
}

/** What `logitsGraph` gives of each row, without the logits. */
export function logSumExpGraph({ hiddenSize, head }: Architecture): Graph {
  const b = new GraphBuilder();
  const { largest, sum } = exponentials(b, logits(b, hiddenSize, head.softcap).capped);
  return b.graph(new Map(Object.entries({ largest, sum })));
}

/**
 * What a chunk of the vocabulary says of two models' predictions at the same positions, each `[rows, 1]`: `largest` and `sum` as
 * above, of `hidden`, `otherLargest` and `otherSum` of `other`; `difference`, Σ exp(logit − largest) · (logit − other's logit); and
 * `otherAtLargest`, the other's logit of the token whose logit is the largest.
 * @param otherHead of a model with a vocabulary of its own, whose chunk is `otherEmbeddings`; undefined: both share one.
 */
export function comparedPredictionsGraph(
  { hiddenSize, head }: Architecture,
  otherHead?: Pick<Architecture["head"], "softcap">,
): Graph {
  const b = new GraphBuilder();
  const embeddings = otherHead === undefined ? "embeddings" : "otherEmbeddings";
  const own = logits(b, hiddenSize, head.softcap).capped;
  const other = logits(b, hiddenSize, (otherHead ?? head).softcap, { hidden: "other", embeddings }).capped;
  const { largest, powers, sum } = exponentials(b, own);
  const { largest: otherLargest, sum: otherSum } = exponentials(b, other);
  const difference = b.sum(b.multiply(powers, b.subtract(own, other)), 1);
  const isSmaller = b.unary("step", b.subtract(largest, own));
  const otherAtLargest = b.max(b.subtract(other, b.multiply(isSmaller, FAR)), 1);
  return b.graph(new Map(Object.entries({ largest, sum, otherLargest, otherSum, difference, otherAtLargest })));
}

/** Rows of the vocabulary's matrix, each times its coefficient, added up: `[rows, chunk] · [chunk, hidden]`. */
export function weightedEmbeddingsGraph({ hiddenSize }: Architecture): Graph {
  const b = new GraphBuilder();
  const coefficients = b.input("coefficients", ["count", "chunk"]);
  return b.graph(new Map([["sum", b.matmul(coefficients, b.input("embeddings", ["chunk", hiddenSize]))]]));
}

/** `Σ_v p_v · ∂logit_v/∂hidden` over a chunk of the vocabulary, `[rows, hidden]`; `logSumExp` is over all of it. */
export function expectationGraph({ hiddenSize, head }: Architecture): Graph {
  const b = new GraphBuilder();
  const { capped, slope } = logits(b, hiddenSize, head.softcap);
  const probabilities = b.unary("exp", b.subtract(capped, b.input("logSumExp", ["count", 1])));
  const weighted = slope === undefined ? probabilities : b.multiply(probabilities, slope);
  return b.graph(new Map([["expectation", b.matmul(weighted, b.input("embeddings", ["chunk", hiddenSize]))]]));
}
