/** The arithmetic mean; NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The largest value, of however many: `Math.max(...values)` takes no more than the stack has room for. −Infinity of none. */
export function largestOf(values: Iterable<number>): number {
  let largest = -Infinity;
  for (const value of values) if (value > largest) largest = value;
  return largest;
}

/** The value that a share of the values lies below, between two of them by their distances; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below === undefined || above === undefined ? NaN : below + (place - Math.floor(place)) * (above - below);
}

/** The value in the middle, or between the two there; NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
