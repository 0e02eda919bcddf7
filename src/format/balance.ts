import type { ComparisonModule } from "../engine/document/document";
import { timesText } from "./claims";
import { formatNumber } from "./numbers";

/**
 * What a heat map of a comparison shows of each matrix: A and B side by side, each one's share of the activation beside that of unrelated texts or its
 * mean activation; or the two in one.
 */
export type Measure = "unrelated" | "mean" | "similarity" | "balance";

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

/**
 * How alike several matrices are together: the cosine over all of their weights, formed of each one's and its norms; of one as it is, of several of
 * a file of an earlier version, which has no norms, the mean.
 */
export function similarityTogether(modules: readonly Pick<ComparisonModule, "similarity" | "norms">[]): number {
  const [only] = modules;
  if (only !== undefined && modules.length === 1) return only.similarity;
  let [ab, aa, bb] = [0, 0, 0];
  for (const { similarity, norms } of modules) {
    if (norms === undefined) return modules.reduce((sum, each) => sum + each.similarity, 0) / modules.length;
    ab += similarity * norms.a * norms.b;
    aa += norms.a ** 2;
    bb += norms.b ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** What both sides activate of several matrices. */
export function sumsTogether(modules: readonly Pick<ComparisonModule, "parameters" | "a" | "b">[]): {
  readonly parameters: number;
  readonly a: number;
  readonly b: number;
} {
  const total = (of: "parameters" | "a" | "b"): number => modules.reduce((sum, module) => sum + module[of], 0);
  return { parameters: total("parameters"), a: total("a"), b: total("b") };
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
