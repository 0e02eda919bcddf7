import { elementAt, zip } from "../numbers/elements";
import { randomNumbers, shuffle } from "../numbers/random";
import type { NeuronMeasures } from "./domain-layer";
import { everyTwo } from "../numbers/every-two";
import { separation } from "./separating-neurons";

/** The smallest p is 0.01. */
const PERMUTATIONS = 99;

/**
 * Whether neurons tell two domains apart by more than chance: the labels of their texts are shuffled, and what counts is the
 * largest measure of all neurons of all layers (max-T). Layer by layer, with the same shuffles in each.
 */
export class NeuronTest {
  /** Per two domains all their texts, and how they are shuffled: those that then are of the first. */
  readonly #couples: readonly { readonly texts: readonly number[]; readonly first: readonly (readonly number[])[] }[];

  /** Text i of domain d has the number d · count + i. */
  constructor(domains: number, count: number, seed: number) {
    const next = randomNumbers(seed);
    this.#couples = everyTwo(domains).map((couple) => {
      const texts = couple.flatMap((domain) => Array.from({ length: count }, (_, i) => domain * count + i));
      const order = [...texts];
      const shuffled = Array.from({ length: PERMUTATIONS }, () => {
        shuffle(order, next);
        return order.slice(0, count);
      });
      return { texts, first: [texts.slice(0, count), ...shuffled] };
    });
  }

  /**
   * What is kept of a layer, of every two domains.
   * @param sums per text of every neuron.
   * @param named the neurons of the layer that may be named.
   */
  measure(sums: readonly Float32Array[], named: readonly (readonly number[])[]): NeuronMeasures[] {
    return zip(this.#couples, named).map(([{ texts, first }, neurons]) => {
      const all = totalOf(sums, texts);
      const [observed, ...shuffled] = first.map((own) => totalOf(sums, own));
      if (observed === undefined) throw new Error("there is always the first");
      return {
        largest: shuffled.map((own) => largestSeparation(own, all)),
        named: neurons.map((neuron) => ({ neuron, value: separationAt(observed, all, neuron) })),
      };
    });
  }
}

/** How likely it is that any neuron of any layer has as large a measure where the domains do not matter. */
export function neuronP(layers: readonly NeuronMeasures[], layer: number, neuron: number): number | undefined {
  const value = layers[layer]?.named.find((one) => one.neuron === neuron)?.value;
  if (value === undefined) return undefined;
  const rounds = elementAt(layers, 0).largest.length;
  let asLarge = 1;
  for (let round = 0; round < rounds; round++)
    if (layers.some(({ largest }) => elementAt(largest, round) >= value)) asLarge++;
  return asLarge / (rounds + 1);
}

/** Every neuron's activation in some texts, and that of all neurons. */
interface Total {
  readonly each: Float64Array;
  readonly whole: number;
}

function totalOf(sums: readonly Float32Array[], texts: readonly number[]): Total {
  const each = new Float64Array(elementAt(sums, 0).length);
  for (const text of texts) {
    const own = elementAt(sums, text);
    for (let i = 0; i < each.length; i++) each[i]! += own[i]!;
  }
  let whole = 0;
  for (const value of each) whole += value;
  return { each, whole };
}

/** The largest measure of a neuron's shares in the first texts and in all others. */
function largestSeparation(first: Total, all: Total): number {
  const [ofFirst, ofOthers] = [first.whole, all.whole - first.whole];
  let most = 0;
  if (ofFirst > 0 && ofOthers > 0)
    for (let i = 0; i < all.each.length; i++) {
      const value = separation(first.each[i]! / ofFirst, (all.each[i]! - first.each[i]!) / ofOthers);
      if (value > most) most = value;
    }
  return most;
}

function separationAt(first: Total, all: Total, neuron: number): number {
  const at = ({ each, whole }: Total): Total => ({ each: each.subarray(neuron, neuron + 1), whole });
  return largestSeparation(at(first), at(all));
}
