import type { DomainOverlap, DomainPair, DomainsDocument, SeparatingNeuron } from "../engine/document/document";
import { extremes, printAlike, printsMore, timesText } from "./claims";
import { areToldApart, type DomainsLayer, formatP, gapOf, isTold, overlapInWords, SIGNIFICANT } from "./domains";
import { formatNumber, formatShare } from "./numbers";
import { chanceOverlap, overlapOf } from "../engine/numbers/overlap";
import { mean } from "../engine/numbers/statistics";
import { zip } from "../engine/numbers/elements";

/* What each chart of domains shows, in figures of its own. */

/** In how many layers the domains are told apart, and where most. */
export function layersFinding(layers: readonly DomainsLayer[]): string {
  const told = layers.filter(isTold);
  const found = extremes(told.length > 0 ? told : layers, gapOf);
  if (found === undefined) return "";
  const { layer, medians, p } = found.most;
  const figures = `layer ${layer}: median ${formatNumber(medians.within)} within, ${formatNumber(medians.across)} across (p ${formatP(p)})`;
  const test = `(p < ${SIGNIFICANT})`;
  if (told.length > 0)
    return `In ${told.length} of ${layers.length} layers texts of one domain are more alike by more than chance ${test}; most in ${figures}.`;
  const most = printsMore(formatNumber, medians.within, medians.across)
    ? `; the difference is largest in ${figures}`
    : "";
  return `In none of ${layers.length} layers texts of one domain are more alike by more than chance ${test}${most}.`;
}

/** Which two domains are most and least alike. */
export function relevanceFinding(pairs: readonly DomainPair[], valueOf: (pair: DomainPair) => number): string {
  const others = pairs
    .filter(({ a, b }) => a !== b)
    .map((pair) => ({ name: `${pair.a} and ${pair.b}`, value: valueOf(pair) }));
  const found = extremes(others, ({ value }) => value);
  if (found === undefined) return "";
  const { most, least } = found;
  if (others.length === 1) return `The two domains, ${least.name}, are alike by ${formatNumber(least.value)}.`;
  if (printAlike(formatNumber, most.value, least.value))
    return `Every two domains are as alike, ${formatNumber(most.value)}.`;
  return `Of two domains ${most.name} are most alike, ${formatNumber(most.value)}, and ${least.name} least, ${formatNumber(least.value)}.`;
}

/** Which domain has most of its active weights in the deep layers, and which least. */
export function densityFinding({ domains, deep }: DomainsDocument, density: readonly (readonly number[])[]): string {
  const found = extremes(
    zip(domains, density).map(([{ name }, of]) => ({ name, share: mean(of.slice(...deep)) })),
    ({ share }) => share,
  );
  if (found === undefined) return "";
  const { most, least } = found;
  if (printAlike(formatShare, most.share, least.share))
    return `In the deep layers all domains are as dense, ${formatShare(most.share)} on average.`;
  return `In the deep layers ${most.name} is densest, ${formatShare(most.share)} on average, and ${least.name} least, ${formatShare(least.share)}.`;
}

/** How much two domains share in the shallow half and in the deep layers, and where least. */
export function overlapFinding(
  overlap: DomainOverlap,
  { deep, share }: Pick<DomainsDocument, "deep" | "share">,
): string {
  const { layers } = overlap;
  const chance = `Chance would be ${formatShare(chanceOverlap(share))}.`;
  const found = extremes(
    layers.map((layer, i) => ({ layer: i, shared: overlapOf(layer) })),
    ({ shared }) => shared,
  );
  if (found === undefined || printAlike(formatShare, found.most.shared, found.least.shared))
    return `${overlapInWords(overlap, deep)}. ${chance}`;
  const { layer, shared } = found.least;
  return `${overlapInWords(overlap, deep)}; least in layer ${layer}, ${formatShare(shared)}. ${chance}`;
}

type Pair = NonNullable<DomainsDocument["neurons"]>[number];

/** `Neuron 3 of layer 7: 0.21 % in fiction, 0.01 % in math, 21 times as strong in fiction` */
export function neuronInWords({ a, b }: Pair, { layer, neuron, a: ofA, b: ofB }: SeparatingNeuron): string {
  return `Neuron ${neuron} of layer ${layer}: ${formatShare(ofA)} in ${a}, ${formatShare(ofB)} in ${b}, ${strengthInWords({ a, b }, ofA, ofB)}`;
}

function strengthInWords({ a, b }: Pick<Pair, "a" | "b">, ofA: number, ofB: number): string {
  if (ofA === 0 && ofB === 0) return "active in neither";
  const [who, more, less] = ofA > ofB ? [a, ofA, ofB] : [b, ofB, ofA];
  if (less === 0) return `active in ${who} only`;
  const times = timesText(more / less);
  return times === undefined ? "about as strong in both" : `${times} times as strong in ${who}`;
}

/** The best of them; that it tells the two apart is said where it is clearly stronger in one. */
export function neuronsFinding(pair: Pair): string {
  const best = pair.neurons.at(0);
  if (best === undefined) return "";
  const words = neuronInWords(pair, best).slice("Neuron".length);
  return areToldApart(best)
    ? `Of all, neuron${words.replace(":", " tells them apart best:")}.`
    : `No neuron tells them apart clearly; the shares of neuron${words.replace(":", " differ most:")}.`;
}
