import { timesText } from "./claims";
import { formatNumber } from "./numbers";

/** What the heat map of a comparison shows of each matrix. */
export type Measure = "similarity" | "balance";

export function meanOf(module: { parameters: number; a: number; b: number }, side: "a" | "b"): number {
  return module.parameters > 0 ? module[side] / module.parameters : 0;
}

/**
 * Doublings of mean activation from A to B: log2 of mean B by mean A. The two means are over the same parameters, so
 * sums do. Infinite where only one side activates the matrix at all, 0 where neither does.
 */
export function balanceOf({ a, b }: { readonly a: number; readonly b: number }): number {
  return a === 0 && b === 0 ? 0 : Math.log2(b / a);
}

/** `+1.2`, `−0.31`, `only B` */
export function formatBalance(balance: number, digits = 2): string {
  if (balance === Infinity) return "only B";
  if (balance === -Infinity) return "only A";
  const size = formatNumber(Math.abs(Number(balance.toFixed(digits))));
  return Number(size) === 0 ? "0" : `${balance < 0 ? "−" : "+"}${size}`;
}

/** `B activates it 1.7 times as strongly` */
export function balanceInWords(sums: { readonly a: number; readonly b: number }): string {
  const balance = balanceOf(sums);
  if (balance === Infinity) return "only B activates it";
  if (balance === -Infinity) return "only A activates it";
  const times = timesText(2 ** Math.abs(balance));
  return times === undefined
    ? "both activate it about as strongly"
    : `${balance > 0 ? "B" : "A"} activates it ${times} times as strongly`;
}
