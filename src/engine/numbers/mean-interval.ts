import { mean } from "./statistics";
import { studentDeviate } from "./student";

/**
 * The mean of values that were drawn independently, and its 95 % interval by Student's t.
 * @param values at least 2
 */
export function meanInterval(values: readonly number[]): { mean: number; interval: [low: number, high: number] } {
  const middle = mean(values);
  const freedom = values.length - 1;
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / freedom;
  const half = studentDeviate(freedom) * Math.sqrt(variance / values.length);
  return { mean: middle, interval: [middle - half, middle + half] };
}
