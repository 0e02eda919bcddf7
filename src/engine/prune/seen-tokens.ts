import type { Sample } from "../text/sample";
import { elementAt } from "../numbers/elements";

/** A smaller share of tokens that stand in two texts is what all texts of a kind begin or end with. */
const SEEN = 0.05;

/**
 * What is to be said where a text is evaluated that had a say in the calibration: what was made is suited to it as to no other.
 * @param what that is measured: `what pruning costs`.
 */
export function seenNotes(
  source: string,
  windows: readonly Int32Array[],
  samples: readonly Sample[],
  what: string,
): string[] {
  // without special ids
  const contents = samples.map(({ ids, starts }) => ids.filter((_, i) => elementAt(starts, i) >= 0));
  const seen = seenShare(windows, contents);
  if (seen < SEEN) return [];
  return [
    `${Math.round(100 * seen)} % of the evaluated tokens of ${source} stand in calibration texts, too: ${what} on texts that it has not seen is another question.`,
  ];
}

/** So many ids in a row that two texts have alike are of one source, whatever the texts are about. */
const RUN = 16;
/** Two independent hashes of a run, that together hardly ever agree by chance. */
const FACTORS = [0x01000193, 0x5bd1e995] as const;

/**
 * The share of texts' ids that stand in other texts too, as part of a run of 16, or of all of a shorter text.
 * @param texts the ids of each, without special ones.
 */
export function seenShare(texts: readonly Int32Array[], others: readonly Int32Array[]): number {
  const length = Math.min(RUN, ...texts.map((ids) => ids.length));
  const known = new Set<number>();
  for (const ids of others) eachRun(ids, length, (_, hash) => known.add(hash));
  let seen = 0;
  let all = 0;
  for (const ids of texts) {
    let until = 0;
    eachRun(ids, length, (from, hash) => {
      if (!known.has(hash)) return;
      seen += from + length - Math.max(from, until);
      until = from + length;
    });
    all += ids.length;
  }
  return all === 0 ? 0 : seen / all;
}

/** Calls `visit` with the beginning of every run of `length` ids, and a hash of it, from one to the next (Karp and Rabin). */
function eachRun(ids: Int32Array, length: number, visit: (from: number, hash: number) => void): void {
  if (length === 0 || ids.length < length) return;
  const hashes = FACTORS.map(() => 0);
  const highest = FACTORS.map((factor) => {
    let power = 1;
    for (let i = 0; i < length; i++) power = Math.imul(power, factor);
    return power;
  });
  for (let i = 0; i < ids.length; i++) {
    for (let h = 0; h < FACTORS.length; h++) {
      const added = (Math.imul(hashes[h]!, FACTORS[h]!) + ids[i]! + 1) | 0;
      hashes[h] = i < length ? added : (added - Math.imul(highest[h]!, ids[i - length]! + 1)) | 0;
    }
    // 32 bits of one and 21 of the other are as many as a number holds
    if (i >= length - 1) visit(i - length + 1, (hashes[0]! >>> 0) * 2 ** 21 + (hashes[1]! >>> 11));
  }
}
