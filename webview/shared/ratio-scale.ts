import { formatRatio } from "../../src/format/typical-findings";
import { clamp, type Scale } from "./scales";

/** How far from the usual the ends of a scale are at least, in octaves: what texts always differ by stays pale. */
const LEAST_SPAN = 1;

/**
 * A scale of ratios by their logarithms, from `low` to `high`: the usual, a ratio of 1, is in its middle, and what is as far to either side as
 * the furthest of them at an end.
 */
export function ratioScale(ratios: readonly number[]): Scale {
  const octaves = ratios.filter((ratio) => ratio > 0).map((ratio) => Math.abs(Math.log2(ratio)));
  const span = octaves.reduce((most, octave) => Math.max(most, octave), LEAST_SPAN);
  return {
    low: 2 ** -span,
    high: 2 ** span,
    position: (ratio) => (ratio > 0 ? clamp(0.5 + Math.log2(ratio) / span / 2) : 0),
  };
}

/** The ends of such a scale, for its legend. */
export function endsOf({ low, high }: Scale): readonly [low: string, high: string] {
  return [formatRatio(low), formatRatio(high)];
}
