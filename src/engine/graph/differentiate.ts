import { topological, type GraphBuilder, type Node, type Operation } from "./graph";
import { vectorJacobianRules } from "./vector-jacobian";

/** A linear layer that the gradient passes: everything that its weight's gradient `∂y/∂W = Σ_t δ_tᵀ x_t` is made of. */
export interface Site {
  readonly name: string;
  /** The input `[…, tokens, in]`. */
  readonly x: Node;
  /** The gradient of the output `[…, tokens, out]`. */
  readonly delta: Node;
}

export interface Differentiated {
  /** Gradients of `y`, in the order of `variables`; undefined where y does not depend on one. */
  readonly gradients: readonly (Node | undefined)[];
  readonly sites: readonly Site[];
}

/**
 * Reverse-mode differentiation: extends the graph in which `outputs` stand by the gradients of the scalar whose
 * gradient with respect to `outputs[i]` is `seeds[i]`.
 * @throws Error naming the operation when one on the way has no vector-Jacobian rule.
 */
export function differentiate(
  b: GraphBuilder,
  outputs: readonly Node[],
  seeds: readonly Node[],
  variables: readonly Node[],
): Differentiated {
  const order = topological(outputs);
  const depends = new Set(variables.map((node) => node.id));
  // the weights of linear layers are variables too, whatever their input is
  for (const node of order)
    if (isLinear(node) || node.inputs.some((input) => depends.has(input.id))) depends.add(node.id);

  const gradients = new Map<number, Node>();
  const accumulate = (node: Node, gradient: Node): void => {
    const known = gradients.get(node.id);
    gradients.set(node.id, known === undefined ? gradient : b.add(known, gradient));
  };
  outputs.forEach((output, i) => {
    const seed = seeds[i];
    if (seed === undefined) throw new Error(`output ${i} has no seed`);
    accumulate(output, seed);
  });

  const sites: Site[] = [];
  for (const node of order.reverse()) {
    const dy = gradients.get(node.id);
    if (dy === undefined) continue;
    if (isLinear(node)) sites.push({ name: node.attributes.name, x: node.inputs[0], delta: dy });
    const wanted = node.inputs.map((input) => depends.has(input.id));
    if (!wanted.includes(true)) continue;
    const ofInputs = applyRule(b, node, dy, wanted);
    for (const [i, input] of node.inputs.entries()) {
      const gradient = ofInputs[i];
      if (gradient !== undefined && wanted[i]) accumulate(input, gradient);
    }
  }
  return { gradients: variables.map((variable) => gradients.get(variable.id)), sites };
}

const isLinear = (node: Node): node is Node<"linear"> => node.op === "linear";

function applyRule<Op extends Operation>(
  b: GraphBuilder,
  node: Node<Op>,
  dy: Node,
  wanted: readonly boolean[],
): (Node | undefined)[] {
  const rule = vectorJacobianRules[node.op];
  if (rule === undefined) throw new Error(`the operation '${node.op}' has no vector-Jacobian rule`);
  return rule(b, node, dy, wanted);
}
