import type { BestLayer } from "../document/document";
import { combined, intervalOf, resampledSpearman, type Estimate } from "../numbers/bootstrap";
import { elementAt } from "../numbers/elements";
import { randomNumbers, shuffle } from "../numbers/random";
import { spearman } from "../numbers/spearman";

/** Halves of fewer pairs would choose a layer by chance. */
const FEWEST_PAIRS = 20;

/**
 * How well the best layer follows the scores, measured on other pairs than those that chose it: each random half of the pairs chooses
 * the layer with the highest rho, the first of equals, and that layer is measured on the other half. The figure is the mean of the two,
 * with the bootstrap's interval for the two layers that were chosen.
 * @param layers per layer the likeness of every pair.
 * @param seed of the halves and the resamples.
 * @returns null for fewer than 20 pairs.
 */
export function bestLayer(
  layers: readonly (readonly number[])[],
  scores: readonly number[],
  seed: number,
): BestLayer | null {
  if (scores.length < FEWEST_PAIRS) return null;
  const order = [...scores.keys()];
  shuffle(order, randomNumbers(seed));
  const middle = scores.length >> 1;
  const [first, second] = [order.slice(0, middle), order.slice(middle)];

  const rhoIn = (layer: readonly number[], half: readonly number[]): number =>
    spearman(of(layer, half), of(scores, half));
  const chosenBy = (half: readonly number[]): number => {
    const rhos = layers.map((layer) => rhoIn(layer, half));
    return rhos.indexOf(Math.max(...rhos));
  };
  const measuredOn = (half: readonly number[], layer: number, ownSeed: number): Estimate =>
    elementAt(resampledSpearman([of(elementAt(layers, layer), half)], of(scores, half), ownSeed), 0);

  const chosen: [number, number] = [chosenBy(first), chosenBy(second)];
  // the halves are drawn of independently: no seed for both
  const heldOut = combined(
    (one, other) => (one + other) / 2,
    measuredOn(second, chosen[0], seed),
    measuredOn(first, chosen[1], seed + 1),
  );
  return { layers: chosen, rho: heldOut.value, interval: intervalOf(heldOut) };
}

const of = (values: readonly number[], pairs: readonly number[]): number[] =>
  pairs.map((pair) => elementAt(values, pair));
