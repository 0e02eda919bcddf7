/** A value in the largest of units, each 1000 of the one before, in which it is not below 1; three significant digits. */
export function scaled(
  value: number,
  [first, ...larger]: readonly [string, ...string[]],
): [figure: number, unit: string] {
  let [figure, unit] = [value, first];
  for (const next of larger) {
    // 999.5 would be rounded to 1000.
    if (figure < 999.5) break;
    [figure, unit] = [figure / 1000, next];
  }
  return [Number(figure.toPrecision(3)), unit];
}
