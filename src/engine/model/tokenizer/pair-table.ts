import type { MergeTable, Symbols } from "./merge-symbols";

/**
 * Byte pair encoding's merges: a hash table from a pair of ids to its rank, in typed arrays. A `Map` over 500,000 pairs
 * takes ten times the memory, and most of a second to fill.
 */
export class PairTable implements MergeTable {
  readonly #mask: number;
  readonly #lefts: Int32Array;
  readonly #rights: Int32Array;
  readonly #ranks: Int32Array;
  readonly #results: Int32Array;

  /** @param count How many pairs will be added, at most. */
  constructor(count: number) {
    const slots = 2 ** Math.ceil(Math.log2(2 * count + 2));
    this.#mask = slots - 1;
    this.#lefts = new Int32Array(slots).fill(-1);
    this.#rights = new Int32Array(slots);
    this.#ranks = new Int32Array(slots);
    this.#results = new Int32Array(count);
  }

  /** A pair that is added again keeps the later rank, as in tokenizers. */
  add(left: number, right: number, rank: number, result: number): void {
    const slot = this.#slotOf(left, right);
    this.#lefts[slot] = left;
    this.#rights[slot] = right;
    this.#ranks[slot] = rank;
    this.#results[rank] = result;
  }

  rank(symbols: Symbols, left: number, right: number): number {
    const leftId = symbols.ids[left]!;
    const slot = this.#slotOf(leftId, symbols.ids[right]!);
    return leftId >= 0 && this.#lefts[slot] === leftId ? this.#ranks[slot]! : -1;
  }

  merged(rank: number): number {
    return this.#results[rank]!;
  }

  /** Where the pair is, or the free slot where it would be. */
  #slotOf(left: number, right: number): number {
    let slot = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)) & this.#mask;
    slot ^= slot >>> 7;
    while (this.#lefts[slot] !== -1 && (this.#lefts[slot] !== left || this.#rights[slot] !== right)) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }
}
