import { mapInputs, topological, type Graph, type GraphBuilder, type Node } from "./graph";

/** A computation in two halves, with something between them that is no graph. */
export interface CutGraph {
  /** What comes before, and of it what is kept for the second half: outputs of these names, which are its inputs. */
  readonly before: Graph;
  readonly behind: Graph;
  readonly kept: ReadonlyMap<string, Node>;
}

/** The name of a kept value, in both halves. */
const keptName = (i: number): string => `kept.${i}`;

/**
 * Cuts a graph where the input `between` comes in: whatever depends on it is the second half, everything else the first.
 * @param outputs of the whole; each is an output of the half that it is computed in.
 * @param demanded what is computed in between from the first half, outputs of that.
 */
export function cutGraph(
  b: GraphBuilder,
  between: Node,
  outputs: ReadonlyMap<string, Node>,
  demanded: ReadonlyMap<string, Node>,
): CutGraph {
  const order = topological(outputs.values());
  const isBehind = new Set([between.id]);
  for (const node of order) if (node.inputs.some(({ id }) => isBehind.has(id))) isBehind.add(node.id);

  const kept = new Map<string, Node>();
  const copies = new Map<number, Node>();
  const copyOf = (node: Node): Node => {
    let copy = copies.get(node.id);
    if (copy === undefined) copies.set(node.id, (copy = isBehind.has(node.id) ? copied(node) : brought(node)));
    return copy;
  };
  /** A node of the second half, on its inputs there. */
  const copied = (node: Node): Node =>
    node === between ? node : b.node(node.op, mapInputs(node, copyOf), node.attributes, node.shape);
  /** What the second half takes from the first: an input or a constant as it is, everything else as an input of its own. */
  const brought = (node: Node): Node => {
    if (node.op === "input" || node.op === "constant") return node;
    const name = keptName(kept.size);
    kept.set(name, node);
    return b.input(name, node.shape);
  };

  const half = (behind: boolean): [string, Node][] => [...outputs].filter(([, { id }]) => isBehind.has(id) === behind);
  const behind = new Map(half(true).map(([name, node]) => [name, copyOf(node)]));
  return { before: b.graph(new Map([...demanded, ...kept, ...half(false)])), behind: b.graph(behind), kept };
}
