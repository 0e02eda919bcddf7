/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * The interval of 95 % of a share that was seen `count` times of `of`, by Wilson's score (Wilson 1927), without correction for
 * continuity.
 */
export function wilsonInterval(count: number, of: number): [low: number, high: number] {
  const share = count / of;
  const middle = share + (Z * Z) / (2 * of);
  const half = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  const scale = 1 + (Z * Z) / of;
  // all and none are within it, whatever the rounding
  return [count === 0 ? 0 : (middle - half) / scale, count === of ? 1 : (middle + half) / scale];
}
