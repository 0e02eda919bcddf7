import { differentiate, type Differentiated } from "../graph/differentiate";
import { axisSize, GraphBuilder, topological, type Dim, type Graph, type Node } from "../graph/graph";
import { replacing } from "../graph/replace";
import type { Architecture, Block } from "../model/architectures/architecture";
import { BlockBuilder } from "../model/architectures/block-builder";
import { zip } from "../numbers/elements";
import { DecidedBuilder, expertNames } from "./decided-builder";

/** Further than any two logits are apart, and finite. */
const FAR = 1e30;

export const names = {
  output: "output",
  outputGradient: "outputGradient",
  inputGradient: "inputGradient",
  /** Keys and values that later layers borrow; only of a block that lends them. */
  lent: { key: "lent.key", value: "lent.value" },
  lentGradient: { key: "lentGradient.key", value: "lentGradient.value" },
  /** The gradients of what a block borrows. */
  borrowedGradient: { key: "borrowedGradient.key", value: "borrowedGradient.value" },
  /** What a linear map comes to, where it is held from the way forward to the way back, `[batch, tokens, out]`. */
  held: (module: string) => `held.${module}`,
  /** The input of module m is the output `x.${…}` of the backward graph, `[batch, tokens, in]`. */
  input: (module: string) => `x.${module}`,
  /** The gradient of its output is `delta.${…}`, `[batch, out, tokens]`: transposed, so that a tile of rows is read in order. */
  delta: (module: string) => `delta.${module}`,
} as const;

/** A kind of block, in a model whose hidden states are so wide. */
export interface SizedBlock {
  readonly hiddenSize: number;
  readonly block: Pick<Block, "compute">;
}

/** Something that is computed of a block: what it was written with, and the outputs that are asked for. */
export interface WrittenBlock {
  readonly b: BlockBuilder;
  readonly outputs: ReadonlyMap<string, Node>;
}

const sides = ["key", "value"] as const;

/** These outputs, and what the block lends to others. */
export function withLent(b: BlockBuilder, outputs: ReadonlyMap<string, Node>): WrittenBlock {
  const { lent } = b;
  const lendings = lent === undefined ? [] : sides.map((side) => [names.lent[side], lent[side]] as const);
  return { b, outputs: new Map([...outputs, ...lendings]) };
}

/** Hidden states through one block. With `selected`, those of some positions per sample come out. */
export function forwardGraph({ hiddenSize, block }: SizedBlock, selected: boolean): WrittenBlock {
  const b = new BlockBuilder(hiddenSize, selected);
  const output = block.compute(b);
  return withLent(b, new Map([[names.output, output]]));
}

/** The way through a block and the way back, which need not compute again what linear maps come to. */
export interface HoldingGraphs {
  readonly forward: WrittenBlock;
  readonly backward: BackwardGraph;
  /** What is held between them: outputs of one that are inputs of the other. */
  readonly held: ReadonlyMap<string, Node>;
}

/** `forwardGraph` and `backwardGraph` with as much held as the way back needs. */
export function holdingGraphs(sized: SizedBlock, selected: boolean): HoldingGraphs {
  const { b, outputs } = forwardGraph(sized, selected);
  const linear = new Map<string, Node>();
  for (const node of topological(outputs.values())) {
    if (!isLinear(node)) continue;
    const name = names.held(node.attributes.name);
    if (linear.has(name)) throw new Error(`two linear maps are called ${node.attributes.name}`);
    linear.set(name, node);
  }

  const backward = backwardGraph(sized, selected, true);
  const taken = new Set(backward.graph.inputs.map(({ attributes }) => attributes.name));
  const held = new Map([...linear].filter(([name]) => taken.has(name)));
  return { forward: { b, outputs: new Map([...outputs, ...held]) }, backward, held };
}

const isLinear = (node: Node): node is Node<"linear"> => node.op === "linear";

export interface BackwardGraph {
  readonly graph: Graph;
  /** Several modules may have the same input; it stands once among the outputs, under the name given here. */
  readonly inputOf: ReadonlyMap<string, string>;
  /** The positions that a module has gradients at: all tokens, those that are selected, or a number of its own. */
  readonly positions: ReadonlyMap<string, Dim>;
}

/**
 * The graph from the gradient of a block's output to that of its input, and to what the gradient of every matrix is made of. Where the
 * block has experts, their choice and the gradients of what enters them and of their weights are inputs.
 * @param takesHeld what linear maps come to are inputs, too.
 */
export function backwardGraph({ hiddenSize, block }: SizedBlock, selected: boolean, takesHeld = false): BackwardGraph {
  const b = new DecidedBuilder(hiddenSize, selected);
  const output = block.compute(b);
  const { lent, borrowed, routing } = b;
  const ends: (readonly [end: Node, seed: string])[] = [[output, names.outputGradient]];
  if (lent) for (const side of sides) ends.push([lent[side], names.lentGradient[side]]);
  if (routing) ends.push([routing.x, expertNames.inputGradient], [routing.weights, expertNames.weightGradient]);
  const { gradients, sites } = differentiate(
    b,
    ends.map(([end]) => end),
    ends.map(([{ shape }, seed]) => b.input(seed, shape)),
    [b.hidden, ...(borrowed ? [borrowed.key, borrowed.value] : [])],
  );
  const [, ...ofBorrowed] = gradients;
  const returned = new Map<string, Node>();
  if (borrowed !== undefined)
    for (const [side, gradient] of zip(sides, ofBorrowed))
      if (gradient !== undefined) returned.set(names.borrowedGradient[side], gradient);
  const { graph, ...places } = withSites(b, gradients, sites, returned);
  if (!takesHeld) return { graph, ...places };
  const copyOf = replacing(b, (node) =>
    isLinear(node) ? b.input(names.held(node.attributes.name), node.shape) : undefined,
  );
  return { graph: b.graph(new Map([...graph.outputs].map(([name, node]) => [name, copyOf(node)]))), ...places };
}

/** The gradient of a block's input, and the inputs and the output's gradients of its matrices, as outputs of a graph. */
export function withSites(
  b: BlockBuilder,
  gradients: Differentiated["gradients"],
  sites: Differentiated["sites"],
  outputs = new Map<string, Node>(),
): BackwardGraph {
  const [inputGradient] = gradients;
  if (inputGradient === undefined) throw new Error("the block's output does not depend on its input");
  outputs.set(names.inputGradient, inputGradient);
  const written = new Map<number, string>();
  const inputOf = new Map<string, string>();
  const positions = new Map<string, Dim>();
  for (const { name, x, delta } of sites) {
    const known = written.get(x.id) ?? names.input(name);
    if (!written.has(x.id)) outputs.set(known, x);
    written.set(x.id, known);
    inputOf.set(name, known);
    positions.set(name, axisSize(delta.shape, 1));
    outputs.set(names.delta(name), b.transpose(delta, [0, 2, 1]));
  }
  return { graph: b.graph(outputs), inputOf, positions };
}

/**
 * The width of hidden states where they meet the vocabulary's matrix: that of its rows, and one more where logits have a bias, which
 * stands behind each row then and is multiplied by 1.
 */
export function headWidth({ hiddenSize, head: { projection, bias } }: Architecture): number {
  return (projection?.width ?? hiddenSize) + (bias === undefined ? 0 : 1);
}

/** From hidden states `[rows, hidden]` behind the last block to those that meet the vocabulary's matrix, `[rows, width]`. */
export function normGraph(architecture: Architecture): Graph {
  const b = new BlockBuilder(architecture.hiddenSize, false);
  return b.graph(new Map([[names.output, beforeVocabulary(b, architecture)]]));
}

export function normBackwardGraph(architecture: Architecture): Graph {
  const { hiddenSize } = architecture;
  const b = new BlockBuilder(hiddenSize, false);
  const output = beforeVocabulary(b, architecture);
  const seed = b.input(names.outputGradient, output.shape);
  const [gradient] = differentiate(b, [output], [seed], [normInput(b, hiddenSize)]).gradients;
  if (gradient === undefined) throw new Error("the norm does not depend on its input");
  return b.graph(new Map([[names.inputGradient, gradient]]));
}

const normInput = (b: BlockBuilder, hiddenSize: number): Node => b.input("rows", ["count", hiddenSize]);

function beforeVocabulary(b: BlockBuilder, { hiddenSize, head }: Architecture): Node {
  const { norm, projection, scale = 1, bias } = head;
  const x = normInput(b, hiddenSize);
  const normalized = norm === undefined ? x : b.normalize(x, norm);
  const narrowed =
    projection === undefined
      ? normalized
      : b.matmul(normalized, b.weight(projection.weight, [projection.width, hiddenSize]), { transposeB: true });
  const scaled = scale === 1 ? narrowed : b.multiply(narrowed, scale);
  if (bias === undefined) return scaled;
  const one = b.add(b.multiply(b.slice(scaled, 1, 0, 1), 0), 1);
  return b.concat([scaled, one], 1);
}

/**
 * Logits `[rows, vocabulary chunk]` of normalized hidden states, soft-capped, and per row `[rows, 1]` the largest of them and
 * Σ exp(logit − largest).
 */
export function logitsGraph(architecture: Architecture): Graph {
  const b = new GraphBuilder();
  const { capped } = logits(b, headWidth(architecture), architecture.head.softcap);
  const { largest, sum } = exponentials(b, capped);
  return b.graph(new Map(Object.entries({ logits: capped, largest, sum })));
}

function logits(
  b: GraphBuilder,
  width: number,
  cap: number | undefined,
  names = { hidden: "hidden", embeddings: "embeddings" },
): { capped: Node; slope: Node | undefined } {
  const hidden = b.input(names.hidden, ["count", width]);
  const embeddings = b.input(names.embeddings, ["chunk", width]);
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
export function logSumExpGraph(architecture: Architecture): Graph {
  const b = new GraphBuilder();
  const { largest, sum } = exponentials(b, logits(b, headWidth(architecture), architecture.head.softcap).capped);
  return b.graph(new Map(Object.entries({ largest, sum })));
}

/**
 * What a chunk of the vocabulary says of two models' predictions at the same positions, each `[rows, 1]`: `largest` and `sum` as
 * above, of `hidden`, `otherLargest` and `otherSum` of `other`; `difference`, Σ exp(logit − largest) · (logit − other's logit); and
 * `otherAtLargest`, the other's logit of the token whose logit is the largest.
 * @param otherHead of a model with a vocabulary of its own, whose chunk is `otherEmbeddings`; undefined: both share one.
 */
export function comparedPredictionsGraph(
  architecture: Architecture,
  otherHead?: Pick<Architecture["head"], "softcap">,
): Graph {
  const b = new GraphBuilder();
  const { head } = architecture;
  const width = headWidth(architecture);
  const embeddings = otherHead === undefined ? "embeddings" : "otherEmbeddings";
  const own = logits(b, width, head.softcap).capped;
  const other = logits(b, width, (otherHead ?? head).softcap, { hidden: "other", embeddings }).capped;
  const { largest, powers, sum } = exponentials(b, own);
  const { largest: otherLargest, sum: otherSum } = exponentials(b, other);
  const difference = b.sum(b.multiply(powers, b.subtract(own, other)), 1);
  const isSmaller = b.unary("step", b.subtract(largest, own));
  const otherAtLargest = b.max(b.subtract(other, b.multiply(isSmaller, FAR)), 1);
  return b.graph(new Map(Object.entries({ largest, sum, otherLargest, otherSum, difference, otherAtLargest })));
}

/** Rows of the vocabulary's matrix, each times its coefficient, added up: `[rows, chunk] · [chunk, hidden]`. */
export function weightedEmbeddingsGraph(architecture: Architecture): Graph {
  const b = new GraphBuilder();
  const width = headWidth(architecture);
  const coefficients = b.input("coefficients", ["count", "chunk"]);
  return b.graph(new Map([["sum", b.matmul(coefficients, b.input("embeddings", ["chunk", width]))]]));
}

/**
 * What the gradients of a chunk of the vocabulary's matrix are made of, `Σ_t (∂y/∂logit_tv) h_t`, `[chunk, width]`: for the summed negative log-likelihood
 * `∂y/∂logit = p`, less 1 for the token that follows, which is not subtracted here, with `logSumExp` of each row over all of the vocabulary; for the
 * spread `(logit − mean) / tokens`, with each row's `mean` over all of it and the number of `tokens`.
 */
export function vocabularyGradientGraph(architecture: Architecture, target: "loss" | "spread"): Graph {
  const b = new GraphBuilder();
  const width = headWidth(architecture);
  const { capped, slope } = logits(b, width, architecture.head.softcap);
  const ofLogits =
    target === "loss"
      ? b.unary("exp", b.subtract(capped, b.input("logSumExp", ["count", 1])))
      : b.divide(b.subtract(capped, b.input("mean", ["count", 1])), b.input("tokens", [1, 1]));
  const ofProducts = slope === undefined ? ofLogits : b.multiply(ofLogits, slope);
  return b.graph(
    new Map([["gradient", b.matmul(ofProducts, b.input("hidden", ["count", width]), { transposeA: true })]]),
  );
}

/** `Σ_v p_v · ∂logit_v/∂hidden` over a chunk of the vocabulary, `[rows, width]`; `logSumExp` is over all of it. */
export function expectationGraph(architecture: Architecture): Graph {
  const b = new GraphBuilder();
  const width = headWidth(architecture);
  const { capped, slope } = logits(b, width, architecture.head.softcap);
  const probabilities = b.unary("exp", b.subtract(capped, b.input("logSumExp", ["count", 1])));
  const weighted = slope === undefined ? probabilities : b.multiply(probabilities, slope);
  return b.graph(new Map([["expectation", b.matmul(weighted, b.input("embeddings", ["chunk", width]))]]));
}
