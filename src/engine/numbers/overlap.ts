/** The share of the parameters in either of two top sets that are in both; 0 where both are empty. */
export function overlapOf({ both, onlyA, onlyB }: Readonly<Record<"both" | "onlyA" | "onlyB", number>>): number {
  const either = both + onlyA + onlyB;
  return either > 0 ? both / either : 0;
}

/** What two independent top sets are expected to share of what is in either, each holding that share of a matrix. */
export function chanceOverlap(share: number): number {
  return share / (2 - share);
}
