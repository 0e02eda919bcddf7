/**
 * The value that Student's t lies within on both sides with 95 %.
 * @param freedom degrees of freedom, a whole number from 1 on.
 */
export function studentDeviate(freedom: number): number {
  let [low, high] = [1.9, 13];
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (studentProbability(middle, freedom) < 0.95) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * How likely `|T| ≤ t` is by Student's t: Abramowitz and Stegun, 26.7.3 and 26.7.4.
 * @param freedom degrees of freedom, a whole number from 1 on.
 */
export function studentProbability(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const square = Math.cos(angle) ** 2;
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * square;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
