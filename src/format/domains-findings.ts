import type {
  Difference,
  DomainOverlap,
  DomainPair,
  DomainsDocument,
  LikenessTests,
  SeparatingNeuron,
} from "../engine/document/document";
import { capital, extremes, printAlike, printsMore, timesText } from "./claims";
import {
  certaintyInWords,
  type DomainsLayer,
  formatP,
  gapOf,
  halvesOf,
  haveOwn,
  isMore,
  isNeuronTold,
  isTold,
  type Likeness,
  overlapInWords,
  SIGNIFICANT,
  testsOf,
} from "./domains";
import { formatNumber, formatShare, formatSigned } from "./numbers";
import { chanceOverlap, overlapOf } from "../engine/numbers/overlap";
import { mean } from "../engine/numbers/statistics";
import { elementAt, zip } from "../engine/numbers/elements";

/* What each chart of domains shows, in figures of its own. */

/** In how many layers the domains are told apart, and where the difference is largest. */
export function layersFinding(layers: readonly DomainsLayer[]): string {
  const told = layers.filter(isTold);
  const found = extremes(told.length > 0 ? told : layers, gapOf);
  if (found === undefined) return "";
  const { layer, medians, tested, p } = found.most;
  const { within, across } = tested ?? medians;
  const figures =
    `layer ${layer}: ${tested ? "on average" : "median"} ${formatNumber(within)} within, ${formatNumber(across)} across ` +
    `(${tested ? certaintyInWords(tested, p) : `p ${formatP(p)}`})`;
  const test = testInWords(
    "layers",
    layers.map(({ tested }) => tested?.interval ?? null),
  );
  if (told.length > 0)
    return `In ${told.length} of ${layers.length} layers texts of one domain are more alike by more than chance ${test}; the difference is largest in ${figures}.`;
  const most = printsMore(formatNumber, within, across) ? `; the difference is largest in ${figures}` : "";
  return `In no layer texts of one domain are certainly more alike ${test}${most}.`;
}

/** `(p < 0.05, corrected for 12 layers, and an interval above 0)`, what `isMore` asks of each. */
function testInWords(what: string, intervals: readonly Difference["interval"][]): string {
  const corrected = intervals.length > 1 ? `, corrected for ${intervals.length} ${what}` : "";
  return `(p < ${SIGNIFICANT}${corrected}${intervals.some((interval) => interval !== null) ? ", and an interval above 0" : ""})`;
}

/** Which figures of two domains are highest and lowest: of these texts, which the tests alone take further. */
export function relevanceFinding(pairs: readonly DomainPair[], valueOf: (pair: DomainPair) => number): string {
  const others = pairs
    .filter(({ a, b }) => a !== b)
    .map((pair) => ({ name: `${pair.a} and ${pair.b}`, value: valueOf(pair) }));
  const found = extremes(others, ({ value }) => value);
  if (found === undefined) return "";
  const { most, least } = found;
  if (others.length === 1) return `The figure of ${least.name} is ${formatNumber(least.value)}.`;
  if (printAlike(formatNumber, most.value, least.value))
    return `The figure of every two domains is ${formatNumber(most.value)}.`;
  return `Of two domains the highest figure is ${formatNumber(most.value)} (${most.name}), the lowest ${formatNumber(least.value)} (${least.name}).`;
}

/** Two domains that are named. */
const NAMED = 3;

/** Which two domains are told apart by their texts, in the deep layers; undefined where a result has no test. */
export function pairsFinding(document: DomainsDocument, likeness: Likeness): string | undefined {
  const pairs = testsOf(document, likeness)?.pairs ?? [];
  const found = extremes(pairs, ({ difference }) => difference);
  if (found === undefined) return undefined;
  const nameOf = ({ a, b }: TestedPair) =>
    `${elementAt(document.domains, a).name} and ${elementAt(document.domains, b).name}`;
  const said = (pair: TestedPair) => `${formatSigned(pair.difference)} (${certaintyInWords(pair, pair.corrected)})`;
  const told = pairs
    .filter((pair) => isMore(pair, pair.corrected))
    .sort((one, other) => other.difference - one.difference);
  const test = testInWords(
    "pairs",
    pairs.map(({ interval }) => interval),
  );
  if (told.length === 0)
    return pairs.length === 1
      ? `${nameOf(found.most)} are not certainly told apart by their texts ${test}: the difference is ${said(found.most)}.`
      : `No two domains are certainly told apart by their texts ${test}; the difference is largest for ${nameOf(found.most)}, ${said(found.most)}.`;
  const names = told.slice(0, NAMED).map((pair) => `${nameOf(pair)} by ${said(pair)}`);
  const more = told.length > NAMED ? [`and ${told.length - NAMED} more`] : [];
  const count = pairs.length === 1 ? "The two domains" : `${told.length} of ${pairs.length} pairs of domains`;
  const are = pairs.length > 1 && told.length === 1 ? "is" : "are";
  return `${count} ${are} told apart by their texts ${test}: ${[...names, ...more].join(", ")}.`;
}

type TestedPair = LikenessTests["pairs"][number];

/** Between what the densities of the domains in the deep layers lie: of these texts, without a test. */
export function densityFinding({ domains, deep }: DomainsDocument, density: readonly (readonly number[])[]): string {
  const found = extremes(
    zip(domains, density).map(([{ name }, of]) => ({ name, share: mean(of.slice(...deep)) })),
    ({ share }) => share,
  );
  if (found === undefined) return "";
  const { most, least } = found;
  if (printAlike(formatShare, most.share, least.share))
    return `In the deep layers all domains are as dense, ${formatShare(most.share)} on average.`;
  return `In the deep layers the densities lie between ${formatShare(least.share)} (${least.name}) and ${formatShare(most.share)} (${most.name}) on average; whether that is chance is not tested.`;
}

/** How much two domains share before the deep layers and in them, where least, and what halves of one domain share. */
export function overlapFinding(overlap: DomainOverlap, document: DomainsDocument): string {
  const { layers } = overlap;
  const rest = [halvesSentence(overlap, document), independentSentence(document)].filter((one) => one !== "").join(" ");
  const found = extremes(
    layers.map((layer, i) => ({ layer: i, shared: overlapOf(layer) })),
    ({ shared }) => shared,
  );
  const words = overlapInWords(overlap, document.deep);
  if (found === undefined || printAlike(formatShare, found.most.shared, found.least.shared)) return `${words}. ${rest}`;
  const { layer, shared } = found.least;
  return `${words}; least in layer ${layer}, ${formatShare(shared)}. ${rest}`;
}

/** What two random halves of one of the domains share, beside halves of both; empty where that was not measured. */
export function halvesSentence(overlap: DomainOverlap, document: DomainsDocument): string {
  const halves = halvesOf(overlap, document.deep);
  if (halves === undefined) return "";
  const figures = `In the deep layers random halves of the texts of one of them share ${formatShare(halves.within)}, halves of both ${formatShare(halves.across)}`;
  return haveOwn(document, overlap)
    ? `${figures}: each has weights of its own.`
    : `${figures}: it is not certain that either has weights of its own.`;
}

function independentSentence({ share }: DomainsDocument): string {
  return `Sets that have nothing to do with each other would share ${formatShare(chanceOverlap(share))}.`;
}

type Pair = NonNullable<DomainsDocument["neurons"]>[number];

/** `Neuron 3 of layer 7: 0.21 % in fiction, 0.01 % in math, 21 times as strong in fiction` */
export function neuronInWords({ a, b }: Pair, { layer, neuron, a: ofA, b: ofB, p }: SeparatingNeuron): string {
  const tested = p === undefined ? "" : ` (p ${formatP(p)})`;
  return `Neuron ${neuron} of layer ${layer}: ${formatShare(ofA)} in ${a}, ${formatShare(ofB)} in ${b}, ${strengthInWords({ a, b }, ofA, ofB)}${tested}`;
}

function strengthInWords({ a, b }: Pick<Pair, "a" | "b">, ofA: number, ofB: number): string {
  if (ofA === 0 && ofB === 0) return "active in neither";
  const [who, more, less] = ofA > ofB ? [a, ofA, ofB] : [b, ofB, ofA];
  if (less === 0) return `active in ${who} only`;
  const times = timesText(more / less);
  return times === undefined ? "about as strong in both" : `${times} times as strong in ${who}`;
}

/** The best of them; that it tells the two apart is said where it does so by more than chance, and clearly. */
export function neuronsFinding(document: DomainsDocument, pair: Pair): string {
  const told = pair.neurons.find((neuron) => isNeuronTold(document, pair, neuron));
  const best = told ?? pair.neurons.at(0);
  if (best === undefined) return "";
  const words = neuronInWords(pair, best).slice("Neuron".length);
  if (told) return `Of all, neuron${words.replace(":", " tells them apart best:")}.`;
  const differ = `the shares of neuron${words.replace(":", " differ most:")}`;
  return best.p === undefined
    ? `${capital(differ)}; whether that is chance was not tested.`
    : `No neuron certainly tells them apart; ${differ}.`;
}
