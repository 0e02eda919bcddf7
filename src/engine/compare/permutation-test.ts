import { elementAt } from "../numbers/elements";
import { randomNumbers, shuffle } from "../numbers/random";
import type { TextTable } from "./text-table";

/** How often labels are shuffled: the smallest p is 0.0005, of which something is left when those of 91 pairs of domains are corrected. */
export const PERMUTATIONS = 1999;

/** Sums are of whole numbers of so many: exact, so that equal ones are. Similarities are kept with six digits. */
const PARTS = 1e9;

/** The p of a column by itself, and with all columns together in mind. */
export interface Tested {
  readonly own: readonly number[];
  readonly corrected: readonly number[];
}

/**
 * Whether texts of one domain are more alike than texts of two: how often, when the texts' labels are shuffled within each
 * table, the mean similarity within domains exceeds that across them by as much as it does. One-sided. `corrected` is for
 * many columns at once (max-T of Westfall and Young): how often the largest difference of any column, each by the mean and the standard
 * deviation that shuffling gives it, is as large.
 */
export function permutationTest(tables: readonly TextTable[], seed: number): Tested {
  const next = randomNumbers(seed);
  const columns = Math.max(0, ...tables.map((table) => table.columns.length));
  const shuffled = tables.map(({ labels, columns: values }) => ({
    labels: [...labels],
    values: byPair(values),
    earlier: new Int32Array(labels.length * (Math.max(0, ...labels) + 1)),
  }));
  // how many pairs are within a domain is the same however labels stand, and all pairs' sum: the sum within says it all
  const sums = Array.from({ length: PERMUTATIONS + 1 }, (_, round) => {
    if (round > 0) for (const { labels } of shuffled) shuffle(labels, next);
    const sum = new Float64Array(columns);
    for (const table of shuffled) addWithin(table, sum);
    return sum;
  });
  const standing = Array.from({ length: columns }, (_, column) => standardized(sums.map((sum) => sum[column]!)));
  const largest = Float64Array.from(sums, (_, round) =>
    standing.reduce((most, values) => Math.max(most, values[round]!), -Infinity),
  );
  const share = (values: Float64Array, observed: number): number => {
    let asLarge = 0;
    for (const value of values) if (value >= observed) asLarge++;
    return asLarge / values.length;
  };
  const observed = standing.map((values) => elementAt(values, 0));
  return {
    own: standing.map((values, column) => share(values, elementAt(observed, column))),
    corrected: observed.map((value) => share(largest, value)),
  };
}

/** Pair after pair the values of all columns. */
function byPair(columns: TextTable["columns"]): Float64Array {
  const values = new Float64Array(columns.length * (columns[0]?.length ?? 0));
  columns.forEach((column, c) => {
    for (let pair = 0; pair < column.length; pair++)
      values[pair * columns.length + c] = Math.round(PARTS * column[pair]!);
  });
  return values;
}

interface Shuffled {
  readonly labels: readonly number[];
  readonly values: Float64Array;
  /** Room for the texts of each domain. */
  readonly earlier: Int32Array;
}

/** Adds up, column by column, the pairs of texts that have one label. */
function addWithin({ labels, values, earlier }: Shuffled, sum: Float64Array): void {
  const texts = labels.length;
  const columns = sum.length;
  const found = new Int32Array(earlier.length / texts);
  for (let text = 0; text < texts; text++) {
    const label = labels[text]!;
    const first = (text * (text - 1)) / 2;
    const start = label * texts;
    for (let i = start; i < start + found[label]!; i++) {
      const pair = (first + earlier[i]!) * columns;
      for (let column = 0; column < columns; column++) sum[column]! += values[pair + column]!;
    }
    earlier[start + found[label]!++] = text;
  }
}

/** The first is what was observed, and counts as one of them; 0 where all are the same. */
function standardized(values: readonly number[]): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return Float64Array.from(values, (value) => (deviation > 0 ? (value - mean) / deviation : 0));
}

/**
 * The smallest p that labels so placed allow: shuffled labels that put the same texts together are the same.
 * @param labels of each table.
 */
export function leastP(labels: readonly (readonly number[])[]): number {
  let ways = 0;
  for (const ofTable of labels) {
    const sizes = new Map<number, number>();
    for (const label of ofTable) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const alike = new Map<number, number>();
    for (const size of sizes.values()) alike.set(size, (alike.get(size) ?? 0) + 1);
    ways += logFactorial(ofTable.length);
    for (const count of [...sizes.values(), ...alike.values()]) ways -= logFactorial(count);
  }
  return Math.max(Math.exp(-ways), 1 / (PERMUTATIONS + 1));
}

function logFactorial(count: number): number {
  let sum = 0;
  for (let factor = 2; factor <= count; factor++) sum += Math.log(factor);
  return sum;
}
