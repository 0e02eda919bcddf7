import type {
  Difference,
  DomainOverlap,
  DomainPair,
  DomainsDocument,
  LikenessTests,
  SeparatingNeuron,
} from "../engine/document/document";
import { capital, CLEARLY, printsMore } from "./claims";
import { formatNumber, formatShare, formatSigned } from "./numbers";
import { holmCorrected } from "../engine/numbers/holm";
import { overlapOf } from "../engine/numbers/overlap";
import { mean, median } from "../engine/numbers/statistics";

/* What a comparison of domains shows, in words and figures. */

/** How likeness is measured: as in the paper, or without what all texts have in common. */
export type Likeness = "similarity" | "contrast";

/** The likenesses of texts in one layer, within domains and across them. */
export interface DomainsLayer {
  readonly layer: number;
  /** The likenesses of two texts of one domain, and of two domains. */
  readonly within: readonly number[];
  readonly across: readonly number[];
  readonly medians: { readonly within: number; readonly across: number };
  /** Of all texts that were compared; undefined in results of earlier versions. */
  readonly tested: Difference | undefined;
  /** How likely a difference this large is in any layer where the domains do not matter. */
  readonly p: number;
}

/** The p below which a difference is called significant, in tables and sentences. */
export const SIGNIFICANT = 0.05;

/** The layers, shallowest first; none by contrast where it was not asked for. */
export function domainsLayers(document: DomainsDocument, likeness: Likeness = "similarity"): DomainsLayer[] {
  const { pairs, significance, contrastSignificance } = document;
  const tested = testsOf(document, likeness)?.layers;
  const values = likeness === "contrast" ? (contrastSignificance ?? []) : significance;
  // of results of earlier versions they are of each layer by itself
  const corrected = tested?.map(({ p }) => p) ?? holmCorrected(values);
  return corrected.map((p, layer) => {
    const of = (same: boolean): number[] =>
      pairs.filter(({ a, b }) => (a === b) === same).flatMap((pair) => pair[likeness]?.[layer] ?? []);
    const [within, across] = [of(true), of(false)];
    const medians = { within: median(within), across: median(across) };
    return { layer, within, across, medians, tested: tested?.[layer], p };
  });
}

/** The tests of a likeness; undefined where a result has none. */
export function testsOf({ tests }: Pick<DomainsDocument, "tests">, likeness: Likeness): LikenessTests | undefined {
  return tests?.[likeness] ?? undefined;
}

/** The likenesses that a result has, that which tells more first. */
export function likenessesOf({ contrastSignificance }: DomainsDocument): readonly Likeness[] {
  return contrastSignificance === null ? ["similarity"] : ["contrast", "similarity"];
}

/** `0.001 or less`, which is as little as a reader needs; else `0.024` */
export function formatP(p: number): string {
  return p <= 0.001 ? "0.001 or less" : formatNumber(p);
}

/** How much more alike texts of one domain are than texts of two, in a layer. */
export function gapOf({ medians, tested }: Pick<DomainsLayer, "medians" | "tested">): number {
  return tested?.difference ?? medians.within - medians.across;
}

/** Whether the domains are told apart in a layer: by the test, and in the direction that it tests (texts of one domain are more alike). */
export function isTold(layer: Pick<DomainsLayer, "medians" | "tested" | "p">): boolean {
  return isMore({ difference: gapOf(layer), interval: layer.tested?.interval ?? null }, layer.p);
}

/** Whether a difference is above 0 by the test, and its interval does not say otherwise. */
export function isMore({ difference, interval }: Pick<Difference, "difference" | "interval">, p: number): boolean {
  return p < SIGNIFICANT && difference > 0 && (interval === null || interval[0] > 0);
}

/** `95 % interval 0.08 to 0.16, p 0.001 or less` */
export function certaintyInWords({ interval }: Pick<Difference, "interval">, p: number): string {
  return interval === null
    ? `too few texts for an interval, p ${formatP(p)}`
    : `95 % interval ${formatSigned(interval[0])} to ${formatSigned(interval[1])}, p ${formatP(p)}`;
}

/** By each likeness whether texts of one domain are more alike in the deep layers. */
export function domainsSentences(document: DomainsDocument): string[] {
  return [...likenessesOf(document).map((likeness) => domainsSentence(document, likeness)), ...fewTexts(document)];
}

/**
 * Whether texts of one domain are more alike than texts of two in the deep layers, and by how much: said only where the test of all
 * of them together says so, and the difference is above 0.
 */
export function domainsSentence(document: DomainsDocument, likeness: Likeness): string {
  const tested = testsOf(document, likeness)?.deep;
  const by = document.contrastSignificance === null ? "" : `By ${likenessInWords[likeness]} `;
  if (tested === undefined) {
    const deep = domainsLayers(document, likeness).slice(...document.deep);
    const gap = formatSigned(mean(deep.map(gapOf)));
    return `${capital(`${by}texts of one domain and of two differ by ${gap} in the deep layers`)}; this result has no test of all of them together: compare the folders again to have one.`;
  }
  const figures = `${formatSigned(tested.difference)} on average (${certaintyInWords(tested, tested.p)})`;
  if (isMore(tested, tested.p))
    return `${capital(`${by}texts of one domain are more alike than texts of two`)}, in the deep layers by ${figures}.`;
  const isClose = tested.p < SIGNIFICANT && tested.difference > 0;
  return `${capital(`${by}it is not certain that texts of one domain are more alike than texts of two`)}: in the deep layers the difference is ${figures}.${isClose ? " More texts of each would tell." : ""}`;
}

const likenessInWords: Record<Likeness, string> = {
  contrast: "contrast similarity",
  similarity: "the paper's similarity",
};

/** That so few texts could show nothing, whatever they are. */
function fewTexts({ tests }: DomainsDocument): string[] {
  return tests !== null && tests.leastP >= SIGNIFICANT
    ? [
        `So few texts cannot show a difference: the smallest p that they allow is ${formatNumber(tests.leastP)}. Compare more texts of each.`,
      ]
    : [];
}

/** `law and math share 61 % of the weights that either activates most before the deep layers, and 38 % in them` */
export function overlapInWords(
  { a, b, layers }: Pick<DomainOverlap, "a" | "b" | "layers">,
  [from, to]: readonly [number, number],
): string {
  const shared = (part: typeof layers): string => formatShare(mean(part.map(overlapOf)));
  const most = (share: string): string => `${share} of the weights that either activates most`;
  const deep = shared(layers.slice(from, to));
  // deep layers may be the first
  if (from === 0) return `${a} and ${b} share ${most(deep)} in the deep layers`;
  return `${a} and ${b} share ${most(shared(layers.slice(0, from)))} before the deep layers, and ${deep} in them`;
}

/** The two domains of a pair in either order, or one with itself. */
export function pairOf(pairs: readonly DomainPair[], a: string, b: string): DomainPair | undefined {
  return pairs.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a));
}

/** A neuron is clearly stronger in one domain (`CLEARLY`): the larger share by the smaller. */
export function areToldApart({ a, b }: Pick<SeparatingNeuron, "a" | "b">): boolean {
  const [more, less] = [Math.max(a, b), Math.min(a, b)];
  return more > 0 && more >= CLEARLY * less;
}

/** Whether the texts of two domains are told apart, by the likeness that tells more: what is said of their weights needs that too. */
export function arePairTold(document: DomainsDocument, a: string, b: string): boolean {
  const numberOf = (name: string): number => document.domains.findIndex((domain) => domain.name === name);
  const [one, other] = [numberOf(a), numberOf(b)];
  return likenessesOf(document)
    .slice(0, 1)
    .flatMap((likeness) => testsOf(document, likeness)?.pairs ?? [])
    .some((pair) => pair.a === Math.min(one, other) && pair.b === Math.max(one, other) && isMore(pair, pair.corrected));
}

/** What halves of two domains share on average in the deep layers; undefined where that was not measured. */
export function halvesOf(
  { halves }: DomainOverlap,
  deep: readonly [number, number],
): { readonly within: number; readonly across: number } | undefined {
  return halves
    ? { within: mean(halves.within.slice(...deep)), across: mean(halves.across.slice(...deep)) }
    : undefined;
}

/**
 * Whether each of two domains has weights of its own: its texts are told from the other's, and halves of one domain share more of
 * their strongest weights than halves of two, as it is printed.
 */
export function haveOwn(document: DomainsDocument, overlap: DomainOverlap): boolean {
  const halves = halvesOf(overlap, document.deep);
  return (
    halves !== undefined &&
    printsMore(formatShare, halves.within, halves.across) &&
    arePairTold(document, overlap.a, overlap.b)
  );
}

/** Whether a neuron tells two domains apart by more than chance; undefined where that was not tested. */
export function isNeuronTold(
  document: DomainsDocument,
  { a, b }: { readonly a: string; readonly b: string },
  neuron: SeparatingNeuron,
): boolean | undefined {
  if (neuron.p === undefined) return undefined;
  return neuron.p < SIGNIFICANT && areToldApart(neuron) && arePairTold(document, a, b);
}
