import { elementAt } from "./elements";

/** Numbers in [0, 1) that are the same for the same seed, on every machine (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Puts values into a random order, in place (Fisher and Yates). */
export function shuffle<Value>(values: Value[], next: () => number): void {
  for (let i = values.length - 1; i > 0; i--) swap(values, i, Math.floor(next() * (i + 1)));
}

/** `taken` of `count` numbers from 0 on, each as likely as any other, ascending. */
export function randomSubset(count: number, taken: number, next: () => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < taken; i++) swap(order, i, i + Math.floor(next() * (count - i)));
  return order.slice(0, taken).sort((a, b) => a - b);
}

function swap<Value>(values: Value[], i: number, j: number): void {
  [values[i], values[j]] = [elementAt(values, j), elementAt(values, i)];
}
