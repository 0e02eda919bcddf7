import { quantile } from "../../src/engine/numbers/statistics";

/** A box plot of values as Tukey draws it: whiskers reach to the last values within one and a half times the box's height. */
export interface Box {
  readonly low: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly high: number;
  /** Values beyond the whiskers. */
  readonly outliers: readonly number[];
}

/** The box plot of some values. */
export function boxOf(values: readonly number[]): Box {
  const [lowerQuartile, upperQuartile] = [quantile(values, 0.25), quantile(values, 0.75)];
  const reach = 1.5 * (upperQuartile - lowerQuartile);
  const isNear = (value: number) => value >= lowerQuartile - reach && value <= upperQuartile + reach;
  const near = values.filter(isNear);
  return {
    low: Math.min(...near),
    lowerQuartile,
    median: quantile(values, 0.5),
    upperQuartile,
    high: Math.max(...near),
    outliers: values.filter((value) => !isNear(value)),
  };
}
