import type { DomainOverlap, DomainPair, DomainsDocument, SeparatingNeuron } from "../../src/engine/document/document";
import { type DomainsLayer, formatP, overlapInWords, SIGNIFICANT } from "../../src/format/domains";
import { formatNumber, formatShare } from "../../src/format/numbers";
import { chanceOverlap, overlapOf } from "../../src/format/overlap";
import { mean } from "../../src/format/statistics";

/* What each chart of domains shows, in figures of its own. */

/** In how many layers the domains are told apart, and where most. */
export function layersFinding(layers: readonly DomainsLayer[]): string {
  const gap = ({ medians }: DomainsLayer) => medians.within - medians.across;
  const told = layers.filter(({ p }) => p < SIGNIFICANT);
  const [best] = [...(told.length > 0 ? told : layers)].sort((x, y) => gap(y) - gap(x));
  const { layer, medians, p } = best;
  const most = `layer ${layer}: median ${formatNumber(medians.within)} within, ${formatNumber(medians.across)} across (p ${formatP(p)})`;
  return told.length > 0
    ? `In ${told.length} of ${layers.length} layers the difference is more than chance (p < ${SIGNIFICANT}); it is largest in ${most}.`
    : `In none of ${layers.length} layers the difference is more than chance (p < ${SIGNIFICANT}); it is largest in ${most}.`;
}

/** Which two domains are most and least alike. */
export function relevanceFinding(pairs: readonly DomainPair[], valueOf: (pair: DomainPair) => number): string {
  const others = pairs
    .filter(({ a, b }) => a !== b)
    .map((pair) => ({ name: `${pair.a} and ${pair.b}`, value: valueOf(pair) }))
    .sort((x, y) => x.value - y.value);
  const [least, most] = [others[0], others[others.length - 1]];
  if (others.length === 1) return `The two domains, ${least.name}, are alike by ${formatNumber(least.value)}.`;
  return `Of two domains ${most.name} are most alike, ${formatNumber(most.value)}, and ${least.name} least, ${formatNumber(least.value)}.`;
}

/** Which domain has most of its active weights in the deep layers, and which least. */
export function densityFinding({ domains, deep }: DomainsDocument, density: readonly (readonly number[])[]): string {
  const means = domains
    .map(({ name }, i) => ({ name, share: mean(density[i].slice(...deep)) }))
    .sort((x, y) => y.share - x.share);
  const [most, least] = [means[0], means[means.length - 1]];
  return `In the deep layers ${most.name} is densest, ${formatShare(most.share)} on average, and ${least.name} least, ${formatShare(least.share)}.`;
}

/** How much two domains share in the shallow half and in the deep layers, and where least. */
export function overlapFinding(
  overlap: DomainOverlap,
  { deep, share }: Pick<DomainsDocument, "deep" | "share">,
): string {
  const { layers } = overlap;
  const least = layers.reduce((lowest, layer, i) => (overlapOf(layer) < overlapOf(layers[lowest]) ? i : lowest), 0);
  return (
    `${overlapInWords(overlap, deep)}; least in layer ${least}, ${formatShare(overlapOf(layers[least]))}. ` +
    `Chance would be ${formatShare(chanceOverlap(share))}.`
  );
}

type Pair = NonNullable<DomainsDocument["neurons"]>[number];

/** `Neuron 3 of layer 7: 0.21 % in fiction, 0.01 % in math, 21 times as strong in fiction` */
export function neuronInWords({ a, b }: Pair, { layer, neuron, a: ofA, b: ofB }: SeparatingNeuron): string {
  const [who, more, less] = ofA > ofB ? [a, ofA, ofB] : [b, ofB, ofA];
  const times = less > 0 ? `${formatNumber(more / less)} times as strong in ${who}` : `active in ${who} only`;
  return `Neuron ${neuron} of layer ${layer}: ${formatShare(ofA)} in ${a}, ${formatShare(ofB)} in ${b}, ${times}`;
}

/** The best of them. */
export function neuronsFinding(pair: Pair): string {
  const words = neuronInWords(pair, pair.neurons[0]);
  return `Of all, neuron${words.slice("Neuron".length).replace(":", " tells them apart best:")}.`;
}
