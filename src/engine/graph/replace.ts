import { mapInputs, type GraphBuilder, type Node } from "./graph";

/**
 * Copies nodes as they are with something else in the place of some of those that they need; what needs none of these stays what it is.
 * @param inPlaceOf what stands for a node; undefined: itself, on what stands for its inputs.
 */
export function replacing(b: GraphBuilder, inPlaceOf: (node: Node) => Node | undefined): (node: Node) => Node {
  const copies = new Map<number, Node>();
  const copyOf = (node: Node): Node => {
    let copy = copies.get(node.id);
    if (copy === undefined) copies.set(node.id, (copy = inPlaceOf(node) ?? onCopies(node)));
    return copy;
  };
  const onCopies = (node: Node): Node =>
    node.inputs.every((input) => copyOf(input) === input)
      ? node
      : b.node(node.op, mapInputs(node, copyOf), node.attributes, node.shape);
  return copyOf;
}
