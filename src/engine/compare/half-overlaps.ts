import { elementAt } from "../numbers/elements";
import { randomNumbers, shuffle } from "../numbers/random";
import { selectLargest } from "../numbers/select";
import type { HalfOverlaps, SharedCounts } from "./domain-layer";
import { everyTwo } from "../numbers/every-two";
import type { SampledMatrix } from "./text-samples";

/** How often the texts are split: another split shares another part. */
const SPLITS = 4;

/** Two halves of the texts of every domain, by their numbers, equally many in each. */
export type Split = readonly (readonly [first: readonly number[], second: readonly number[]])[];

/** Random halves of every domain's texts, of which text i of domain d has the number d · count + i. */
export function randomSplits(domains: number, count: number, seed: number): Split[] {
  const next = randomNumbers(seed);
  const half = Math.floor(count / 2);
  return Array.from({ length: SPLITS }, () =>
    Array.from({ length: domains }, (_, domain) => {
      const texts = Array.from({ length: count }, (__, i) => domain * count + i);
      shuffle(texts, next);
      return [texts.slice(0, half), texts.slice(half, 2 * half)] as const;
    }),
  );
}

/** What the top sets of two halves of one domain share, and of a half each of every two domains, of sampled parameters. */
export function halfOverlaps(
  matrices: readonly Pick<SampledMatrix, "weight" | "values">[],
  splits: readonly Split[],
  share: number,
): HalfOverlaps {
  const domains = elementAt(splits, 0).length;
  const couples = everyTwo(domains);
  const within = Array.from({ length: domains }, noCounts);
  const across = couples.map(noCounts);
  for (const split of splits)
    for (const matrix of matrices) {
      const tops = split.map((halves) => halves.map((texts) => topOf(matrix, texts, share)));
      const top = (domain: number, half: number): Uint8Array => elementAt(elementAt(tops, domain), half);
      within.forEach((counts, domain) => {
        add(counts, top(domain, 0), top(domain, 1), matrix.weight);
      });
      couples.forEach(([a, b], couple) => {
        for (const half of [0, 1]) add(elementAt(across, couple), top(a, half), top(b, half), matrix.weight);
      });
    }
  return { within, across };
}

const noCounts = (): SharedCounts => ({ both: 0, either: 0 });

/** 1 for the parameters in the top set of the mean over these texts. */
function topOf({ values }: Pick<SampledMatrix, "values">, texts: readonly number[], share: number): Uint8Array {
  const sum = new Float32Array(elementAt(values, 0).length);
  for (const text of texts) {
    const own = elementAt(values, text);
    for (let i = 0; i < sum.length; i++) sum[i]! += own[i]!;
  }
  const k = Math.max(1, Math.round(share * sum.length));
  // the smallest positive float32 keeps zeros out
  const threshold = Math.max(selectLargest(sum.slice(), k), 2 ** -149);
  const top = new Uint8Array(sum.length);
  for (let i = 0; i < top.length; i++) if (sum[i]! >= threshold) top[i] = 1;
  return top;
}

function add(counts: SharedCounts, a: Uint8Array, b: Uint8Array, weight: number): void {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    both += a[i]! & b[i]!;
    either += a[i]! | b[i]!;
  }
  counts.both += weight * both;
  counts.either += weight * either;
}
