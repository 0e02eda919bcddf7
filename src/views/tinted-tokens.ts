import type { AnalysisDocument, SampleToken } from "../engine/document/document";
import { formatNumber } from "../format/numbers";
import { explainedToken, tintStrength } from "../format/token-spans";
import type { Origin } from "../kinds/asked";

/** How many strengths of tints there are. */
export const LEVELS = 5;

/** The strength of a tint, 0 … LEVELS − 1; or what a token is to the one that is explained. */
export type Look = number | "explained" | "after";

/** What a token of an editor's text looks like. */
export interface Tint {
  readonly from: number;
  readonly to: number;
  readonly look: Look;
  readonly hover: string;
}

/**
 * How the tokens of an analysis look in their texts, by the URI of each.
 * @param originOf where a text stands that a sample is of; undefined: nowhere that is known.
 */
export function tintsOf(
  { samples, target }: Pick<AnalysisDocument, "samples" | "target">,
  originOf: (source: string) => Origin | undefined,
): Map<string, Tint[]> {
  const tints = new Map<string, Tint[]>();
  const explained = explainedToken(target) ?? Infinity;
  for (const { source, offset, tokens } of samples) {
    const origin = originOf(source);
    if (!origin) continue;
    const start = origin.offset + offset;
    const inText = tokens.map((token, place) => ({ ...token, place })).filter(({ start }) => start >= 0);
    const own = inText.filter(({ saliency, place }) => saliency !== null && place < explained);
    const sizes = own.map(sizeOf).sort((a, b) => b - a);
    const largest = sizes.at(0) ?? 0;
    const ofSample = own.map((token): Tint => {
      const size = sizeOf(token);
      const rank = sizes.indexOf(size) + 1;
      const level = Math.min(LEVELS - 1, Math.floor(LEVELS * tintStrength(size, largest)));
      const hover = `Paramscope: saliency ${formatNumber(token.saliency ?? 0)}, number ${rank} of ${own.length} tokens`;
      return { from: start + token.start, to: start + token.end, look: level, hover };
    });
    const others = inText
      .filter(({ place }) => place >= explained)
      .map((token): Tint => ({
        from: start + token.start,
        to: start + token.end,
        ...(token.place === explained
          ? { look: "explained", hover: "Paramscope: what is explained" }
          : { look: "after", hover: "Paramscope: follows what is explained, and had no part in it" }),
      }));
    tints.set(origin.uri, [...(tints.get(origin.uri) ?? []), ...ofSample, ...others]);
  }
  return tints;
}

function sizeOf({ saliency }: SampleToken): number {
  return Math.abs(saliency ?? 0);
}
