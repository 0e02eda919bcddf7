import { elementAt } from "../numbers/elements";
import { studentDeviate } from "../numbers/student";
import { pairAt, type TextTable } from "./text-table";

/** How alike texts of one domain are on average, and texts of two; and between what the difference lies (95 %). */
export interface Difference {
  readonly within: number;
  readonly across: number;
  readonly difference: number;
  /** null: there are too few texts to say. */
  readonly interval: [low: number, high: number] | null;
}

/**
 * The mean similarity of every column within domains and across them, over all pairs of all tables. The interval is by a
 * jackknife over the *texts*, as pairs that share one are not independent: of U-statistics of as many independent samples as there are
 * domains (Arvesen 1969), with Student's t of as many degrees of freedom as there are texts less domains.
 * @returns undefined where no two texts are of one domain, or none of two.
 */
export function differencesOf(tables: readonly TextTable[]): Difference[] | undefined {
  const columns = Math.max(0, ...tables.map((table) => table.columns.length));
  const all = Array.from({ length: columns }, (_, column) => differenceOf(tables, column));
  return all.every((one) => one !== undefined) ? all : undefined;
}

/** Sums over pairs, and how many those are. */
class Sums {
  sum = 0;
  pairs = 0;

  add(value: number): void {
    this.sum += value;
    this.pairs++;
  }

  get mean(): number {
    return this.sum / this.pairs;
  }

  /** The mean of the pairs that are not among those. */
  meanWithout({ sum, pairs }: Sums): number {
    return (this.sum - sum) / (this.pairs - pairs);
  }
}

/** Sums by a domain, or two. */
class SumsByDomain extends Map<number, Sums> {
  of(domain: number): Sums {
    let sums = this.get(domain);
    if (sums === undefined) this.set(domain, (sums = new Sums()));
    return sums;
  }
}

function differenceOf(tables: readonly TextTable[], column: number): Difference | undefined {
  const domains = 1 + Math.max(...tables.flatMap(({ labels }) => labels));
  const couple = (a: number, b: number): number => Math.min(a, b) * domains + Math.max(a, b);
  const [within, across, couples] = [new Sums(), new Sums(), new SumsByDomain()];
  const texts = tables.flatMap(({ labels, columns }) => {
    const values = elementAt(columns, column);
    // what each text has with those of every domain
    const ofTexts = labels.map((label) => ({ label, own: new SumsByDomain() }));
    for (const [i, one] of ofTexts.entries())
      for (const [j, other] of ofTexts.slice(0, i).entries()) {
        const value = elementAt(values, pairAt(i, j));
        (one.label === other.label ? within : across).add(value);
        couples.of(couple(one.label, other.label)).add(value);
        one.own.of(other.label).add(value);
        other.own.of(one.label).add(value);
      }
    return ofTexts;
  });
  if (within.pairs === 0 || across.pairs === 0) return undefined;
  const difference = within.mean - across.mean;
  // what the difference is less without a text: each couple of domains keeps its weight
  const owed = texts.map(({ label, own }) => ({
    label,
    value: [...own].reduce((sum, [domain, part]) => {
      const all = couples.of(couple(label, domain));
      const change = all.mean - all.meanWithout(part);
      return sum + change * (domain === label ? all.pairs / within.pairs : -all.pairs / across.pairs);
    }, 0),
  }));
  return { within: within.mean, across: across.mean, difference, interval: intervalOf(difference, owed) };
}

/** The jackknife: what the difference owes to each text tells how much it owes to which texts these are. */
function intervalOf(
  difference: number,
  owed: readonly { readonly label: number; readonly value: number }[],
): [number, number] | null {
  let [variance, freedom] = [0, 0];
  for (const domain of new Set(owed.map(({ label }) => label))) {
    const own = owed.filter(({ label }) => label === domain).map(({ value }) => value);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    variance += ((own.length - 1) / own.length) * own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    freedom += own.length - 1;
  }
  // with two texts of a domain there is no pair without one of them
  if (freedom < 1 || !Number.isFinite(variance)) return null;
  const half = studentDeviate(freedom) * Math.sqrt(variance);
  return [difference - half, difference + half];
}
