import type { AnalysisDocument, SampleToken } from "../engine/document/document";
import { explainedToken, tintStrength } from "../format/token-spans";
import { afterFigures, explainedFigures, tokenFigures } from "../format/token-figures";
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
  /** What is said of it, in paragraphs. */
  readonly hover: readonly string[];
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
  for (const sample of samples) {
    const { source, offset, tokens } = sample;
    const origin = originOf(source);
    if (!origin) continue;
    const start = origin.offset + offset;
    const inText = tokens.map((token, place) => ({ ...token, place })).filter(({ start }) => start >= 0);
    const own = inText.filter(({ saliency, place }) => saliency !== null && place < explained);
    const sizes = own.map(sizeOf).sort((a, b) => b - a);
    const largest = sizes.at(0) ?? 0;
    const all = sizes.reduce((sum, size) => sum + size, 0);
    const ofSample = own.map((token): Tint => {
      const size = sizeOf(token);
      const rank = sizes.indexOf(size) + 1;
      const level = Math.min(LEVELS - 1, Math.floor(LEVELS * tintStrength(size, largest)));
      const hover = tokenFigures({ saliency: token.saliency ?? 0, all, rank, tokens: own.length, target });
      return { from: start + token.start, to: start + token.end, look: level, hover };
    });
    const others = inText
      .filter(({ place }) => place >= explained)
      .map((token): Tint => ({
        from: start + token.start,
        to: start + token.end,
        ...(token.place === explained
          ? { look: "explained", hover: explainedFigures(sample.targetProbability) }
          : { look: "after", hover: afterFigures }),
      }));
    tints.set(origin.uri, [...(tints.get(origin.uri) ?? []), ...ofSample, ...others]);
  }
  return tints;
}

function sizeOf({ saliency }: SampleToken): number {
  return Math.abs(saliency ?? 0);
}
