import type { SentencePair } from "../api";

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
