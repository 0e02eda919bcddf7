import type { SeparatingNeuron } from "../document/document";
import { zip } from "../numbers/elements";

/** The neurons that are told of every two domains. */
const COUNT = 10;

/**
 * The feed-forward neurons that tell two domains apart best, the best first.
 * @param a per layer the summed activation of every neuron's weights (the columns of the block's last matrix) in one domain.
 * @param b the same in the other.
 *
 * Activations are compared as shares of their layer's, so that a domain that activates everything more strongly does not
 * seem special; the measure is a term of the chi-square statistic, `(p − q)² / (p + q)`, which asks for both a large
 * difference and a large ratio.
 */
export function separatingNeurons(a: readonly Float64Array[], b: readonly Float64Array[]): SeparatingNeuron[] {
  const all = zip(a, b).flatMap(([ofA, ofB], layer) =>
    zip(shares(ofA), shares(ofB)).map(([shareA, shareB], neuron) => ({ layer, neuron, a: shareA, b: shareB })),
  );
  const measure = ({ a: p, b: q }: SeparatingNeuron): number => (p + q > 0 ? (p - q) ** 2 / (p + q) : 0);
  return all.sort((x, y) => measure(y) - measure(x)).slice(0, COUNT);
}

/** Each value's share of their sum; 0 where that is 0. */
function shares(values: Float64Array): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return Array.from(values, (value) => (total > 0 ? value / total : 0));
}
