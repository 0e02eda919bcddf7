/** Weights that share a scale in any format: some multiple of so many. */
const GROUP = 16;

/**
 * Importance as the kernels take it: at most 2, by a power of two, which changes no rounding and keeps products of it from running over.
 * A group of columns that count nothing would lose its weights altogether (llama.cpp makes zeros of them): it counts as the least column that
 * does.
 * @returns undefined where no column counts: then all count alike.
 * @throws Error unless it is finite and not negative.
 */
export function usableImportance(importance: Float32Array): Float32Array | undefined {
  let most = 0;
  let least = Infinity;
  for (const one of importance) {
    if (!(one >= 0 && one < Infinity)) throw new Error("importance is to be finite, and not below 0");
    if (one > most) most = one;
    if (one > 0 && one < least) least = one;
  }
  if (most === 0) return undefined;
  const factor = 2 ** -Math.floor(Math.log2(most));
  const usable = new Float32Array(importance.length);
  for (let from = 0; from < usable.length; from += GROUP) {
    const to = Math.min(usable.length, from + GROUP);
    let counts = false;
    for (let i = from; i < to; i++) {
      usable[i] = importance[i]! * factor;
      counts ||= usable[i] !== 0;
    }
    if (!counts) usable.fill(least * factor, from, to);
  }
  return usable;
}
