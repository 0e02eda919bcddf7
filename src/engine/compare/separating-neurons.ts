import type { SeparatingNeuron } from "../document/document";

/** Of every two domains so many neurons are told. */
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
  const all = a.flatMap((ofA, layer) => {
    const [totalA, totalB] = [ofA, b[layer]].map((values) => values.reduce((sum, value) => sum + value, 0));
    return Array.from(ofA, (value, neuron) => ({
      layer,
      neuron,
      a: totalA > 0 ? value / totalA : 0,
      b: totalB > 0 ? b[layer][neuron] / totalB : 0,
    }));
  });
  const measure = ({ a: p, b: q }: SeparatingNeuron): number => (p + q > 0 ? (p - q) ** 2 / (p + q) : 0);
  return all.sort((x, y) => measure(y) - measure(x)).slice(0, COUNT);
}
