import { GraphBuilder, type Graph, type Node } from "../graph/graph";

/** Keeps a division by a mean of 0 finite: far below every gradient that counts. */
export const TINY = 1e-37;

/** `δ_sᵀ x_s` of some rows of a matrix, of every sample: `[samples, rows, in]`. */
const gradientsOf = (b: GraphBuilder): Node =>
  b.matmul(b.input("delta", ["samples", "rows", "positions"]), b.input("x", ["samples", "positions", "in"]));

/** `[samples, rows·in]` */
const absoluteGradients = (b: GraphBuilder): Node =>
  b.unary("absolute", b.reshape(gradientsOf(b), ["samples", "rows*in"]));

/** `|W|` of those rows, `[1, rows·in]`. */
function magnitudes(b: GraphBuilder): Node {
  return b.reshape(b.unary("absolute", b.input("weight", ["rows", "in"])), [1, "rows*in"]);
}

const meanOf = (b: GraphBuilder, gradients: Node): Node => b.matmul(b.input("shares", [1, "samples"]), gradients);

/**
 * What scores are: activations `|w · ∂y/∂w|`, or squares of gradients `(∂y/∂w)²`, whose mean over windows of text is the diagonal of the
 * Fisher information where y is the likelihood.
 */
export type Score = "activation" | "squared gradient";

/** Activations `|Wᵢⱼ| · |(δ_sᵀ x_s)ᵢⱼ|` of some rows of a matrix, of every sample, `[samples, rows·in]`. */
export function scoreGraph(): Graph {
  const b = new GraphBuilder();
  return b.graph(new Map([["scores", b.multiply(absoluteGradients(b), magnitudes(b))]]));
}

/**
 * Scores `|Wᵢⱼ| · |(δ_sᵀ x_s)ᵢⱼ|` of a tile of a matrix's rows, of every sample, summed along each of its rows, `[samples, rows]`, or over the
 * tile's rows along each column, `[samples, in]`, or over all of the tile, `[samples, 1]`.
 */
export function sideSumsGraph(side: "rows" | "columns" | "all"): Graph {
  const b = new GraphBuilder();
  const gradients = b.unary("absolute", gradientsOf(b));
  const weights = b.unary("absolute", b.input("weight", ["rows", "in"]));
  const sums = b.sum(b.multiply(gradients, weights), side === "columns" ? 1 : 2, false);
  return b.graph(new Map([["sums", side === "all" ? b.sum(sums, 1) : sums]]));
}

/** Gradients alone, `[samples, rows, in]`: what `TileScores` and `CoupleProducts` make of them is no matter of a runtime. */
export function gradientGraph(): Graph {
  const b = new GraphBuilder();
  return b.graph(new Map([["gradients", gradientsOf(b)]]));
}

/** `Σ_s shares_s · |δ_sᵀ x_s|`, `[1, rows·in]`. */
export function absoluteGradientGraph(): Graph {
  const b = new GraphBuilder();
  return b.graph(new Map([["mean", meanOf(b, absoluteGradients(b))]]));
}

/**
 * Products of the scores of every two samples of a group of `size`, summed over a tile of rows: `plain` of `|W|·|g|`,
 * `contrast` of `log(1 + |g| / mean)`, each `[groups, size, size]`. Contrast is of `A / Ā`, so that weights cancel; where a
 * weight is 0 both are 0. The mean is of these samples (`own`), or an input.
 */
export function gramGraph(size: number, contrast: "none" | "own" | "given"): Graph {
  const b = new GraphBuilder();
  const gradients = absoluteGradients(b);
  const weights = magnitudes(b);
  const products = (values: Node): Node => {
    const apart = b.reshape(values, ["samples", 1, "rows*in"]);
    const groups = b.reshape(apart, ["groups", size, "rows*in"]);
    return b.matmul(groups, groups, { transposeB: true });
  };
  const outputs = new Map([["plain", products(b.multiply(gradients, weights))]]);
  if (contrast !== "none") {
    const mean = contrast === "own" ? meanOf(b, gradients) : b.input("mean", [1, "rows*in"]);
    // infinite where the weight is 0, so that what is divided by it is 0
    const divisor = b.divide(b.add(mean, TINY), b.unary("step", weights));
    outputs.set("contrast", products(b.unary("log", b.add(b.divide(gradients, divisor), 1))));
  }
  return b.graph(outputs);
}
