import { largestOf } from "../numbers/statistics";

/**
 * Which windows of each text are taken when there may be no more than `max` in all: the evenly spaced ones, index
 * `⌊i·N/max⌋` among all N, and at least one of each text. What this adds is taken from the texts with most windows, each of
 * which is then spaced evenly in itself; only where there are more texts than `max` are more than `max` windows taken.
 * @param counts windows of each text.
 * @returns the indices taken of each text, ascending.
 */
export function chooseWindows(counts: readonly number[], max: number): number[][] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= max) return counts.map((count) => evenlySpaced(count, count));

  const spaced = evenlySpaced(total, max);
  let start = 0;
  let next = 0;
  const texts = counts.map((count) => {
    const own: number[] = [];
    for (let window = spaced[next]; window !== undefined && window < start + count; window = spaced[++next])
      own.push(window - start);
    start += count;
    return { count, own, quota: count > 0 ? Math.max(1, own.length) : 0 };
  });

  let excess = texts.reduce((sum, { quota }) => sum + quota, 0) - max;
  // The texts with most windows give one each, the first of them first, until there are no more than may be; each keeps one.
  let most = largestOf(texts.map(({ quota }) => quota));
  for (; excess > 0 && most > 1; most--)
    for (const text of texts) {
      if (excess === 0) break;
      if (text.quota !== most) continue;
      text.quota--;
      excess--;
    }
  return texts.map(({ count, own, quota }) => (quota === own.length ? own : evenlySpaced(count, quota)));
}

/** Evenly spaced indices, `taken` of `count`: ⌊i·count/taken⌋. */
export function evenlySpaced(count: number, taken: number): number[] {
  return Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
}

/** Evenly spaced elements of a list, `taken` of them. */
export function evenlySpacedOf<Element>(list: readonly Element[], taken: number): Element[] {
  const indices = new Set(evenlySpaced(list.length, taken));
  return list.filter((_, i) => indices.has(i));
}
