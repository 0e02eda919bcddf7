import { elementAt } from "./elements";

/** p-values of several tests, so corrected that the chance of even one false finding among them is no more than is asked of one (Holm 1979). */
export function holmCorrected(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => elementAt(values, a) - elementAt(values, b));
  const corrected = new Array<number>(values.length);
  let least = 0;
  order.forEach((test, rank) => {
    least = Math.max(least, Math.min(1, (values.length - rank) * elementAt(values, test)));
    corrected[test] = least;
  });
  return corrected;
}
