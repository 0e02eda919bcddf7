/**
 * How likely two models differ as much on the same questions where none is better (McNemar's test, exact and two-sided): of the questions that one alone answers
 * rightly, each is as likely the one's as the other's.
 * @param gained questions that the second alone answers rightly, `lost` those of the first.
 */
export function mcNemar(gained: number, lost: number): number {
  const all = gained + lost;
  const fewer = Math.min(gained, lost);
  // Σ_{i ≤ fewer} C(all, i) / 2^all, in logarithms: counts may be thousands
  let logarithm = -all * Math.LN2;
  let sum = 0;
  for (let i = 0; i <= fewer; i++) {
    sum += Math.exp(logarithm);
    logarithm += Math.log((all - i) / (i + 1));
  }
  return Math.min(1, 2 * sum);
}
