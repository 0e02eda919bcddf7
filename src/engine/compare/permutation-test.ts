import { randomNumbers, shuffle } from "../numbers/random";

const PERMUTATIONS = 999;

/** Texts every two of which have been compared. */
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
  const tables = strata.map(({ labels, similarity }): LabelledTable => {
    // of every two texts once, in the order in which they are gone through
    const similarities = labels.flatMap((_, i) => labels.slice(0, i).map((_, j) => similarity(i, j)));
    return { labels: [...labels], similarities };
  });
  const observed = difference(tables);
  let asLarge = 1;
  for (let round = 0; round < PERMUTATIONS; round++) {
    for (const { labels } of tables) shuffle(labels, next);
    // a rounding error is no difference
    if (difference(tables) >= observed - 1e-12) asLarge++;
  }
  return asLarge / (PERMUTATIONS + 1);
}

/** A stratum whose labels are shuffled, and the similarity of text 1 to 0, 2 to 0, 2 to 1, 3 to 0 and so on. */
interface LabelledTable {
  readonly labels: number[];
  readonly similarities: readonly number[];
}

/** The mean similarity within domains less that across them; 0 where there is only one of the two. */
function difference(tables: readonly LabelledTable[]): number {
  let [within, pairsWithin, across, pairsAcross] = [0, 0, 0, 0];
  for (const { labels, similarities } of tables) {
    let [i, j] = [1, 0];
    for (const similarity of similarities) {
      if (labels[i] === labels[j]) {
        within += similarity;
        pairsWithin++;
      } else {
        across += similarity;
        pairsAcross++;
      }
      if (++j === i) [i, j] = [i + 1, 0];
    }
  }
  return pairsWithin > 0 && pairsAcross > 0 ? within / pairsWithin - across / pairsAcross : 0;
}
