/** The number with so many digits behind the point. */
export function fixed(value: number, digits = 2): string {
  return value.toFixed(digits);
}
