import { topological, type Graph, type GraphBuilder, type Node } from "./graph";
import { replacing } from "./replace";

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
  /** What the second half takes from the first: an input or a constant as it is, everything else as an input of its own. */
  const brought = (node: Node): Node => {
    if (node.op === "input" || node.op === "constant") return node;
    const name = keptName(kept.size);
    kept.set(name, node);
    return b.input(name, node.shape);
  };

  const copyOf = replacing(b, (node) => (node === between ? node : isBehind.has(node.id) ? undefined : brought(node)));
  const half = (behind: boolean): [string, Node][] => [...outputs].filter(([, { id }]) => isBehind.has(id) === behind);
  const behind = new Map(half(true).map(([name, node]) => [name, copyOf(node)]));
  return { before: b.graph(new Map([...demanded, ...kept, ...half(false)])), behind: b.graph(behind), kept };
}
