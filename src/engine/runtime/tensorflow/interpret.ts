import type { Tensor } from "@tensorflow/tfjs-core";

import { mapInputs, topological, type Graph, type Node } from "../../graph/graph";
import { evaluateNode } from "./operations";
import type { TensorFlow } from "./tensorflow";

/** One node to be computed, and what nobody needs any more when that is done. */
interface Step {
  readonly node: Node;
  /** The outputs of the graph that it is. */
  readonly outputs: readonly string[];
  readonly last: readonly Node[];
}

/** The order in which a graph is computed, and where the values in between end. */
export type Steps = readonly Step[];

export function stepsOf(graph: Graph): Steps {
  const order = topological(graph.outputs.values());
  const lastUse = new Map<number, number>();
  order.forEach((node, i) => {
    lastUse.set(node.id, i);
    for (const input of node.inputs) lastUse.set(input.id, i);
  });
  return order.map((node, i) => ({
    node,
    outputs: [...graph.outputs].filter(([, output]) => output === node).map(([name]) => name),
    last: [node, ...new Set(node.inputs)].filter(({ id, op }) => op !== "input" && lastUse.get(id) === i),
  }));
}

/**
 * Computes a graph with TensorFlow.js operations. Every value in between is disposed of after its last use.
 * @param inputs of the graph, by name; they stay the caller's
 * @param onOutput is given every output as soon as it is there, to be read before it returns
 */
export function interpret(
  tf: TensorFlow,
  steps: Steps,
  inputs: ReadonlyMap<string, Tensor>,
  onOutput: (name: string, value: Tensor) => void,
): void {
  const values = new Map<number, Tensor>();
  const valueOf = ({ id }: Node): Tensor => {
    const value = values.get(id);
    if (value === undefined) throw new Error(`node ${id} has no value`);
    return value;
  };
  for (const { node, outputs, last } of steps) {
    const value = isInput(node) ? inputs.get(node.attributes.name) : evaluateNode(tf, node, mapInputs(node, valueOf));
    if (value === undefined) throw new Error(`the input '${isInput(node) ? node.attributes.name : ""}' is missing`);
    values.set(node.id, value);
    for (const name of outputs) onOutput(name, value);
    for (const ended of last) {
      valueOf(ended).dispose();
      values.delete(ended.id);
    }
  }
}

const isInput = (node: Node): node is Node<"input"> => node.op === "input";
