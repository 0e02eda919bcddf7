import type { DomainOverlap, DomainPair, DomainsDocument } from "../engine/document/document";
import { formatNumber, formatShare } from "./numbers";
import { overlapOf } from "./overlap";
import { mean, median } from "./statistics";

/* What a comparison of domains shows, in words and figures. */

/** By which likeness: the paper's, or without what all texts have in common. */
export type Likeness = "similarity" | "contrast";

export interface DomainsLayer {
  readonly layer: number;
  /** Of two texts of one domain, and of two domains. */
  readonly within: readonly number[];
  readonly across: readonly number[];
  readonly medians: { readonly within: number; readonly across: number };
  /** How likely a difference this large is where the domains do not matter. */
  readonly p: number;
}

/** What the test says of a layer, here and in sentences. */
export const SIGNIFICANT = 0.05;

/** The layers, shallowest first; none by contrast where it was not asked for. */
export function domainsLayers(
  { pairs, significance, contrastSignificance }: DomainsDocument,
  likeness: Likeness = "similarity",
): DomainsLayer[] {
  const tested = likeness === "contrast" ? (contrastSignificance ?? []) : significance;
  return tested.map((p, layer) => {
    const [within, across] = [true, false].map((same) =>
      pairs.filter(({ a, b }) => (a === b) === same).flatMap((pair) => pair[likeness]?.[layer] ?? []),
    );
    return { layer, within, across, medians: { within: median(within), across: median(across) }, p };
  });
}

/** `0.001 or less`, which is as little as the test can find; else `0.024` */
export function formatP(p: number): string {
  return p < 0.0015 ? "0.001 or less" : formatNumber(p);
}

/** How much more alike texts of one domain are, in the shallow half and in the deep layers. */
export function domainsSentence(layers: readonly DomainsLayer[], [from, to]: readonly [number, number]): string {
  const gap = (part: typeof layers): number => mean(part.map(({ medians }) => medians.within - medians.across));
  const [shallow, deep] = [gap(layers.slice(0, from)), gap(layers.slice(from, to))];
  return `Texts of one domain are more alike than texts of two by ${formatNumber(shallow)} in the shallow half and ${formatNumber(deep)} in the deep layers.`;
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
