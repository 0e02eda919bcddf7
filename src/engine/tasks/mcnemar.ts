/** How often a test finds one model better where none is. */
export const LEVEL = 0.05;

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

/**
 * The same for one who looks again and again while questions are asked, and stops when it is small: where none is better, it is ever at most p with a probability of at most p.
 * `1 / (2ⁿ B(gained + 1, lost + 1))`, n both together: the likelihood of what was seen under even odds, by its mean under all odds, which is a martingale (Ville's inequality; Robbins 1970).
 */
export function mcNemarAtAnyTime(gained: number, lost: number): number {
  const all = gained + lost;
  // 2ⁿ gained! lost! / (n + 1)!, in logarithms
  let logarithm = all * Math.LN2 - Math.log(all + 1);
  for (let i = 1; i <= gained; i++) logarithm += Math.log(i / (lost + i));
  return Math.min(1, Math.exp(-logarithm));
}
