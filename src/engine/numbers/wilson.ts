/** The standard normal deviate that 95 % lie within on both sides. */
const DEVIATE = 1.959963984540054;

/**
 * The 95 % interval of a probability of which `of` independent trials had it `times` times: Wilson's score interval, which
 * stays within 0 and 1 and is not empty where all trials, or none, had it.
 * @param of at least 1
 */
export function wilsonInterval(times: number, of: number): [low: number, high: number] {
  const share = times / of;
  const part = DEVIATE ** 2 / of;
  const middle = (share + part / 2) / (1 + part);
  const half = (DEVIATE / (1 + part)) * Math.sqrt((share * (1 - share)) / of + part / (4 * of));
  return [times === 0 ? 0 : middle - half, times === of ? 1 : middle + half];
}
