import type { SentencePair } from "../api";
import type { ReadPairs } from "./read-pairs";

/** Every n-th pair after those that are skipped, and of these evenly spaced ones where there are more than the limit. */
export function choosePairs(
  pairs: readonly SentencePair[],
  {
    every = 1,
    skip = 0,
    limit = Infinity,
  }: { readonly every?: number; readonly skip?: number; readonly limit?: number },
): readonly SentencePair[] {
  const spaced = pairs.slice(skip).filter((_, i) => i % every === 0);
  const step = Math.max(1, Math.floor(spaced.length / limit));
  return spaced.filter((_, i) => i % step === 0).slice(0, limit);
}

/**
 * What of a table was left out, a sentence each: rows that are too short, and pairs that were not chosen.
 * @param source how the user knows the table.
 */
export function leftOutNotes(
  { pairs, shortRows }: ReadPairs,
  chosen: readonly SentencePair[],
  source: string,
): string[] {
  return [
    ...(shortRows > 0 ? [`${source}: ${shortRows} lines without all columns were left out.`] : []),
    ...(chosen.length < pairs.length ? [`${chosen.length} of ${pairs.length} pairs were taken.`] : []),
  ];
}
