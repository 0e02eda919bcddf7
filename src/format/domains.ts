import type { DomainOverlap, DomainPair, DomainsDocument, SeparatingNeuron } from "../engine/document/document";
import { CLEARLY } from "./claims";
import { formatNumber, formatShare, formatSigned } from "./numbers";
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
  /** How likely a difference this large is where the domains do not matter. */
  readonly p: number;
}

/** The p below which a difference is called significant, in tables and sentences. */
export const SIGNIFICANT = 0.05;

/** The layers, shallowest first; none by contrast where it was not asked for. */
export function domainsLayers(
  { pairs, significance, contrastSignificance }: DomainsDocument,
  likeness: Likeness = "similarity",
): DomainsLayer[] {
  const tested = likeness === "contrast" ? (contrastSignificance ?? []) : significance;
  return tested.map((p, layer) => {
    const values = (same: boolean): number[] =>
      pairs.filter(({ a, b }) => (a === b) === same).flatMap((pair) => pair[likeness]?.[layer] ?? []);
    const [within, across] = [values(true), values(false)];
    return { layer, within, across, medians: { within: median(within), across: median(across) }, p };
  });
}

/** `0.001 or less`, which is as little as the test can find; else `0.024` */
export function formatP(p: number): string {
  return p < 0.0015 ? "0.001 or less" : formatNumber(p);
}

/** How much more alike texts of one domain are than texts of two, in a layer. */
export function gapOf({ medians }: Pick<DomainsLayer, "medians">): number {
  return medians.within - medians.across;
}

/** Whether the domains are told apart in a layer: by the test, and in the direction that it tests (texts of one domain are more alike). */
export function isTold(layer: Pick<DomainsLayer, "medians" | "p">): boolean {
  return layer.p < SIGNIFICANT && gapOf(layer) > 0;
}

/**
 * How much more alike texts of one domain are, in the shallow half and in the deep layers. Of either it is only said where the
 * difference is above 0, and in at least one of its layers more than chance.
 */
export function domainsSentence(layers: readonly DomainsLayer[], [from, to]: readonly [number, number]): string {
  const parts = [
    { where: "in the shallow half", of: layers.slice(0, from) },
    { where: "in the deep layers", of: layers.slice(from, to) },
  ]
    // a model of one layer has no shallow half
    .filter(({ of }) => of.length > 0)
    .map(({ where, of }) => ({ where, gap: mean(of.map(gapOf)), told: of.some(isTold) }));
  const figures = (some: typeof parts) => some.map(({ where, gap }) => `${formatSigned(gap)} ${where}`).join(" and ");
  const more = parts.filter(({ gap, told }) => told && gap > 0);
  const others = parts.filter((part) => !more.includes(part));
  if (more.length === 0)
    return `Texts of one domain are no more alike than texts of two, beyond chance: the difference is ${figures(others)}.`;
  const [other] = others;
  const rest =
    other === undefined
      ? ""
      : `; beyond chance they are not ${other.where}, where the difference is ${formatSigned(other.gap)}`;
  return `Texts of one domain are more alike than texts of two by ${figures(more)}${rest}.`;
}

/** `law and math share 61 % of the weights that either activates most in the shallow half, and 38 % in the deep layers` */
export function overlapInWords(
  { a, b, layers }: Pick<DomainOverlap, "a" | "b" | "layers">,
  [from, to]: readonly [number, number],
): string {
  const shared = (part: typeof layers): string => formatShare(mean(part.map(overlapOf)));
  const most = (share: string): string => `${share} of the weights that either activates most`;
  const deep = shared(layers.slice(from, to));
  // a model of one layer has no shallow half
  if (from === 0) return `${a} and ${b} share ${most(deep)} in the deep layers`;
  return `${a} and ${b} share ${most(shared(layers.slice(0, from)))} in the shallow half, and ${deep} in the deep layers`;
}

/** The two domains of a pair in either order, or one with itself. */
export function pairOf(pairs: readonly DomainPair[], a: string, b: string): DomainPair | undefined {
  return pairs.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a));
}

/** A neuron tells two domains apart where one makes clearly more of it (`CLEARLY`): the larger share by the smaller. */
export function areToldApart({ a, b }: Pick<SeparatingNeuron, "a" | "b">): boolean {
  const [more, less] = [Math.max(a, b), Math.min(a, b)];
  return more > 0 && more >= CLEARLY * less;
}
