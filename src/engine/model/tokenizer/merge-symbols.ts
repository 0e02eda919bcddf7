/** What a merge table knows: both byte pair encoding and SentencePiece's merging by score are of this form. */
export interface MergeTable {
  /** Rank of merging symbol `left` with its neighbour `right` (lowest first), −1 where they do not merge. */
  rank(symbols: Symbols, left: number, right: number): number;
  /** The symbol that comes of it. */
  merged(rank: number, symbols: Symbols, left: number, right: number): number;
}

/** Symbols of a piece of text: ids, and where each ends (in bytes, or UTF-16 units); it begins where the last one ended. */
export class Symbols {
  count = 0;
  ids: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
  text = "";

  constructor(capacity = 64) {
    this.ids = new Int32Array(capacity);
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
  }

  clear(text: string): void {
    this.count = 0;
    this.text = text;
  }

  push(id: number, start: number, end: number): void {
    if (this.count === this.ids.length) {
      this.ids = grown(this.ids);
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.ids[this.count] = id;
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
  }
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

/** Positions take the lower 26 bits of a queue entry: texts of up to 67 million symbols, ranks of up to 2^27. */
const POSITIONS = 2 ** 26;

/**
 * Merges neighbouring symbols, the lowest rank first, of equal ones the leftmost, until nothing merges (`Word::merge_all`
 * of tokenizers, `llm_tokenizer_spm_session::tokenize` of llama.cpp). A queue keeps it at O(n log n), whatever the length.
 */
export function mergeSymbols(symbols: Symbols, table: MergeTable): void {
  const { count, ids, ends } = symbols;
  if (count < 2) return;
  const previous = new Int32Array(count);
  const next = new Int32Array(count);
  const queue = new MinimumQueue(count);
  const offer = (left: number, right: number): void => {
    const rank = table.rank(symbols, left, right);
    if (rank >= 0) queue.push(rank * POSITIONS + left);
  };
  for (let i = 0; i < count; i++) {
    previous[i] = i - 1;
    next[i] = i + 1 < count ? i + 1 : -1;
  }
  for (let i = 0; i + 1 < count; i++) offer(i, i + 1);

  while (queue.size > 0) {
    const entry = queue.pop();
    const left = entry % POSITIONS;
    const right = next[left]!;
    if (ids[left] === GONE || right < 0) continue;
    // One of the two may have merged since with another. Then the pair that is there now has an entry of its own, and has to
    // wait for its turn.
    const rank = table.rank(symbols, left, right);
    if (rank !== Math.floor(entry / POSITIONS)) continue;
    ids[left] = table.merged(rank, symbols, left, right);
    ids[right] = GONE;
    ends[left] = ends[right]!;
    const after = next[right]!;
    next[left] = after;
    if (after >= 0) {
      previous[after] = left;
      offer(left, after);
    }
    const before = previous[left]!;
    if (before >= 0) offer(before, left);
  }

  let kept = 0;
  for (let i = 0; i >= 0; i = next[i]!, kept++) {
    symbols.ids[kept] = ids[i]!;
    symbols.starts[kept] = symbols.starts[i]!;
    symbols.ends[kept] = ends[i]!;
  }
  symbols.count = kept;
}

const GONE = -2;

/** A binary heap of numbers. */
class MinimumQueue {
  size = 0;
  #entries: Float64Array;

  constructor(capacity: number) {
    this.#entries = new Float64Array(Math.max(16, capacity));
  }

  push(entry: number): void {
    if (this.size === this.#entries.length) {
      const larger = new Float64Array(2 * this.size);
      larger.set(this.#entries);
      this.#entries = larger;
    }
    const entries = this.#entries;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (entries[parent]! <= entry) break;
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = entry;
  }

  pop(): number {
    const entries = this.#entries;
    const top = entries[0]!;
    const last = entries[--this.size]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && entries[child + 1]! < entries[child]!) child++;
      if (entries[child]! >= last) break;
      entries[at] = entries[child]!;
      at = child;
    }
    entries[at] = last;
    return top;
  }
}
