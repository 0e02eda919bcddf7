import { randomNumbers } from "../numbers/random";

const PERMUTATIONS = 999;

/** Texts of which every two have been compared. */
export interface Stratum {
  /** The domain of each. */
  readonly labels: readonly number[];
  /** How alike texts i and j are. */
  readonly similarity: (i: number, j: number) => number;
}

/**
 * Whether texts of one domain are more alike than texts of two: how often, when the texts' labels are shuffled (within each
 * stratum, where all pairs are known), the mean similarity within domains exceeds that across them by as much as it does. One-sided; the
 * smallest value is 1/1000.
 */
export function permutationTest(strata: readonly Stratum[], seed: number): number {
  const next = randomNumbers(seed);
  const tables = strata.map(({ labels, similarity }) =>
    labels.map((_, i) => Float64Array.from(labels, (_, j) => (i === j ? 0 : similarity(i, j)))),
  );
  const difference = (all: readonly (readonly number[])[]): number => {
    let [within, pairsWithin, across, pairsAcross] = [0, 0, 0, 0];
    all.forEach((labels, s) => {
      for (let i = 0; i < labels.length; i++)
        for (let j = 0; j < i; j++)
          if (labels[i] === labels[j]) {
            within += tables[s][i][j];
            pairsWithin++;
          } else {
            across += tables[s][i][j];
            pairsAcross++;
          }
    });
    return pairsWithin > 0 && pairsAcross > 0 ? within / pairsWithin - across / pairsAcross : 0;
  };
  const labels = strata.map((stratum) => [...stratum.labels]);
  const observed = difference(labels);
  let asLarge = 1;
  for (let round = 0; round < PERMUTATIONS; round++) {
    labels.forEach((own) => {
      shuffle(own, next);
    });
    // a rounding error is no difference
    if (difference(labels) >= observed - 1e-12) asLarge++;
  }
  return asLarge / (PERMUTATIONS + 1);
}

function shuffle(values: number[], next: () => number): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [values[i], values[j]] = [values[j], values[i]];
  }
}
