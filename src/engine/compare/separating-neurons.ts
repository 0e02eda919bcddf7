import type { SeparatingNeuron } from "../document/document";
import { elementAt, zip } from "../numbers/elements";

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
  const best: { readonly value: number; readonly found: SeparatingNeuron }[] = [];
  for (const [layer, [ofA, ofB]] of zip(a, b).entries()) {
    const [sharesA, sharesB] = [shares(ofA), shares(ofB)];
    for (let neuron = 0; neuron < sharesA.length; neuron++) {
      const found = { layer, neuron, a: elementAt(sharesA, neuron), b: elementAt(sharesB, neuron) };
      const value = separation(found.a, found.b);
      const last = best[COUNT - 1];
      if (last !== undefined && value <= last.value) continue;
      // behind those that are as much apart
      best.splice(best.findLastIndex((other) => other.value >= value) + 1, 0, { value, found });
      best.length = Math.min(best.length, COUNT);
    }
  }
  return best.map(({ found }) => found);
}

/** How much two shares set their neuron apart. */
export function separation(p: number, q: number): number {
  return p + q > 0 ? (p - q) ** 2 / (p + q) : 0;
}

/** Each value's share of their sum; 0 where that is 0. */
function shares(values: Float64Array): Float64Array {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => (total > 0 ? value / total : 0));
}
