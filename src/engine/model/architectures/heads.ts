import type { HeadLayout } from "./architecture";

/** A head of a matrix, and where it begins along the side that the heads lie along. */
export interface Head {
  /** The part of a fused matrix that it is in. */
  readonly part?: string;
  readonly head: number;
  readonly from: number;
}

/** The heads of a matrix, part by part; none where it has no layout. */
export function headsOf(layout: HeadLayout | undefined): Head[] {
  return (layout?.parts ?? []).flatMap(({ name, head = 0, from, stride, count }) =>
    Array.from({ length: count }, (_, i) => ({
      ...(name !== undefined && { part: name }),
      head: head + i,
      from: from + i * stride,
    })),
  );
}

/** What each head's rows, or columns, sum up to, of a sum for each. */
export function headSums(along: ArrayLike<number>, layout: HeadLayout | undefined): number[] {
  const size = layout?.size ?? 0;
  return headsOf(layout).map(({ from }) => {
    let total = 0;
    for (let i = from; i < from + size; i++) total += along[i]!;
    return total;
  });
}
