/**
 * A text that knows, for each of its UTF-16 units, which range of the original text it stands for. Without tables it is
 * the original text itself, from `base` on.
 */
export class AlignedText {
  readonly #starts: Int32Array | undefined;
  readonly #ends: Int32Array | undefined;

  constructor(
    readonly text: string,
    readonly base = 0,
    starts?: Int32Array,
    ends?: Int32Array,
  ) {
    this.#starts = starts;
    this.#ends = ends;
  }

  get length(): number {
    return this.text.length;
  }

  /** Offset in the original text at which unit `i` begins; for `i` = length, where the text ends. */
  startOf(i: number): number {
    if (!this.#starts || !this.#ends) return this.base + i;
    if (i < this.text.length) return this.#starts[i]!;
    return i > 0 ? this.#ends[i - 1]! : this.base;
  }

  /** Offset in the original text at which unit `i` ends. */
  endOf(i: number): number {
    return this.#ends ? this.#ends[i]! : this.base + i + 1;
  }

  slice(from: number, to: number): AlignedText {
    if (from === 0 && to === this.text.length) return this;
    return new AlignedText(
      this.text.slice(from, to),
      this.startOf(from),
      this.#starts?.subarray(from, to),
      this.#ends?.subarray(from, to),
    );
  }

  /** The text with `[from, to)` of it replaced, for each of `edits` in order. What replaces stands for all of the range. */
  edit(edits: readonly { from: number; to: number; text: string }[]): AlignedText {
    if (edits.length === 0) return this;
    const length = edits.reduce((sum, edit) => sum + edit.text.length - (edit.to - edit.from), this.text.length);
    const starts = new Int32Array(length);
    const ends = new Int32Array(length);
    const parts: string[] = [];
    let read = 0;
    let written = 0;
    const keep = (to: number): void => {
      if (read < to) parts.push(this.text.slice(read, to));
      for (; read < to; read++, written++) {
        starts[written] = this.startOf(read);
        ends[written] = this.endOf(read);
      }
    };
    for (const edit of edits) {
      keep(edit.from);
      const start = this.startOf(edit.from);
      const end = edit.to > edit.from ? this.endOf(edit.to - 1) : start;
      starts.fill(start, written, written + edit.text.length);
      ends.fill(end, written, written + edit.text.length);
      written += edit.text.length;
      parts.push(edit.text);
      read = edit.to;
    }
    keep(this.text.length);
    return new AlignedText(parts.join(""), this.base, starts, ends);
  }

  prepend(text: string): AlignedText {
    return this.edit([{ from: 0, to: 0, text }]);
  }
}
