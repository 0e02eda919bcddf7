import type { DomainsRequest } from "../api";
import { ParamscopeError } from "../errors";
import { elementAt } from "../numbers/elements";
import type { Pair } from "../pairs/group-pairs";
import { planPairs, type PairsPlan } from "../pairs/plan-pairs";
import { planRequest } from "../run/run";
import type { Unit } from "../sweep/reducers/reducer";

/** Every two domains, and each with itself; text i of domain d is number d · count + i. */
export function comparisonsOf(domainCount: number, count: number): { a: number; b: number; pairs: Pair[] }[] {
  const comparisons: { a: number; b: number; pairs: Pair[] }[] = [];
  for (let a = 0; a < domainCount; a++)
    for (let b = a; b < domainCount; b++) {
      const pairs = Array.from({ length: count }, (_, i): Pair => [
        a * count + i,
        b * count + (a === b ? (i + 1) % count : i),
      ]);
      comparisons.push({ a, b, pairs });
    }
  return comparisons;
}

/** Plans a run in which each domain is a set: with what they share, or only their densities, or without, as the memory allows, which is said. */
export function planDomains(
  request: DomainsRequest,
  sweeping: Parameters<typeof planRequest>[1],
  pairs: readonly Pair[],
  domainCount: number,
  notes: string[],
): { plan: PairsPlan; units: readonly Unit[]; keepsMatrices: boolean } {
  const count = sweeping.samples.length / domainCount;
  const unitsOf = (textOf: readonly number[]): Unit[] => {
    const home = [...firstOccurrences(textOf)];
    const ofDomain = (domain: number) =>
      home.filter((sample) => Math.floor(elementAt(textOf, sample) / count) === domain);
    return [{ sets: Array.from({ length: domainCount }, (_, domain) => ofDomain(domain)) }];
  };
  const ways = [
    { unitsOf, keepsMatrices: true, statistics: domainCount, lacks: "What two domains share" },
    { unitsOf, keepsMatrices: false, statistics: domainCount, lacks: "The density of each domain" },
    { unitsOf: () => [], keepsMatrices: false, statistics: 0 },
  ];
  for (const way of ways)
    try {
      const { keepsMatrices, statistics } = way;
      const wanted = planRequest(request, { ...sweeping, keepsMatrices, statistics });
      const plan = planPairs(wanted, pairs, request.contrast, way.unitsOf);
      return { plan, units: way.unitsOf(plan.textOf), keepsMatrices };
    } catch (error) {
      if (!(error instanceof ParamscopeError) || way.lacks === undefined) throw error;
      notes.push(`${way.lacks} was left out: ${error.message}`);
    }
  throw new Error("the last way is taken or throws");
}

/** The first of the samples that are the same text, for every text. */
export function firstOccurrences(textOf: readonly number[]): Set<number> {
  const seen = new Set<number>();
  const first = new Set<number>();
  textOf.forEach((text, sample) => {
    if (!seen.has(text)) first.add(sample);
    seen.add(text);
  });
  return first;
}
