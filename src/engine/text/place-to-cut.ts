import type { Encoding } from "../model/tokenizer/tokenizer";
import { endingOf } from "../unrelated/ending";

/** Characters in front of a place that tell whether a sentence ends there. */
const LOOKED_AT = 8;

/**
 * Where a piece of a text ends that begins at the token `from` and has room up to `most`: behind the last line or sentence that ends in the
 * second half of that room; where none does, behind the last word; where there is none either (one long word), at `most`.
 * @returns the token in front of which it is cut.
 */
export function placeToCut(
  { starts, ends }: Pick<Encoding, "starts" | "ends">,
  text: string,
  { from, most }: { readonly from: number; readonly most: number },
): number {
  const half = from + Math.ceil((most - from) / 2);
  let word: number | undefined;
  for (let at = most; at > half; at--) {
    const [end, next] = [ends[at - 1] ?? -1, starts[at] ?? -1];
    // tokens that share a character are not parted
    if (end < 0 || next < end) continue;
    const before = text.slice(Math.max(0, end - LOOKED_AT), end);
    const isBetweenWords = /\s$/.test(before) || /^\s/.test(text.slice(next));
    if (!isBetweenWords) continue;
    if (endingOf(before) !== "middle") return at;
    word ??= at;
  }
  return word ?? most;
}
