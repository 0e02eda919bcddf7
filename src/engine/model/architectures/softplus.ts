import type { GraphBuilder, Node } from "../../graph/graph";

/** log(1 + exp(x)), which no x makes infinite. */
export function softplus(b: GraphBuilder, x: Node): Node {
  const small = b.unary("exp", b.multiply(b.unary("absolute", x), -1));
  return b.add(b.unary("relu", x), b.unary("log", b.add(small, 1)));
}
