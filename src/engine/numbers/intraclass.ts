/**
 * The intraclass correlation of things that n samples each have or have not: how far two samples agree on which ones. 0 is chance, 1
 * the same things in all samples, below 0 (at least `−1/(n − 1)`) samples avoid each other's. It does not grow with n. The one-way form of
 * the analysis of variance, ICC(1) of Shrout and Fleiss (1979), of the indicators.
 * @param counts `counts[k]` things are in exactly k samples, k = 0 … n.
 * @returns null for fewer than two samples or things, and where every sample has all or none.
 */
export function intraclassCorrelation(counts: readonly number[]): number | null {
  const n = counts.length - 1;
  const things = counts.reduce((sum, count) => sum + count, 0);
  if (n < 2 || things < 2) return null;
  const mean = counts.reduce((sum, count, k) => sum + k * count, 0) / things;
  const between = counts.reduce((sum, count, k) => sum + count * (k - mean) ** 2, 0) / (n * (things - 1));
  const within = counts.reduce((sum, count, k) => sum + count * k * (n - k), 0) / (n * things * (n - 1));
  const total = between + (n - 1) * within;
  return total > 0 ? (between - within) / total : null;
}
