import { Growth } from "./growth";

/** What stands in the place of a stretch `[from, to)` of a text, in UTF-16 units. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Where each unit of a text begins and ends in the original one. */
interface Tables {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * A text that knows, for each of its UTF-16 units, which range of the original text it stands for. Without tables it is
 * the original text itself, from `base` on.
 */
export class AlignedText {
  readonly #starts: Int32Array | undefined;
  readonly #ends: Int32Array | undefined;
  /** Of the original text, and common to all that is made of it. */
  readonly #growth: Growth;

  constructor(
    readonly text: string,
    readonly base = 0,
    tables?: Tables,
    growth = new Growth(text.length),
  ) {
    this.#growth = growth;
    this.#starts = tables?.starts;
    this.#ends = tables?.ends;
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
      this.#starts && this.#ends && { starts: this.#starts.subarray(from, to), ends: this.#ends.subarray(from, to) },
      this.#growth,
    );
  }

  /**
   * The text with `[from, to)` of it replaced, for each of `edits` in order. What replaces stands for all of the range.
   * @throws ParamscopeError where that makes far more of the original text than it has.
   */
  edit(edits: Iterable<Edit>): AlignedText {
    const columns = new Columns(this.text.length + 8);
    const parts = new TextParts();
    let read = 0;
    const keep = (to: number): void => {
      if (read < to) parts.push(this.text.slice(read, to));
      columns.makeRoom(to - read);
      for (; read < to; read++) columns.push(this.startOf(read), this.endOf(read));
    };
    let isEdited = false;
    for (const edit of edits) {
      isEdited = true;
      keep(edit.from);
      this.#growth.add(edit.text.length - (edit.to - edit.from));
      const start = this.startOf(edit.from);
      columns.fill(start, edit.to > edit.from ? this.endOf(edit.to - 1) : start, edit.text.length);
      parts.push(edit.text);
      read = edit.to;
    }
    if (!isEdited) return this;
    keep(this.text.length);
    return new AlignedText(parts.join(), this.base, columns, this.#growth);
  }

  prepend(text: string): AlignedText {
    return this.edit([{ from: 0, to: 0, text }]);
  }
}

/** Tables that grow. */
class Columns implements Tables {
  readonly #capacity: number;
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  #length = 0;

  /** @param capacity of the first piece of memory, which is taken when it is needed. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  makeRoom(units: number): void {
    const needed = this.#length + units;
    if (needed <= this.#starts.length) return;
    const capacity = Math.max(this.#capacity, needed, Math.ceil(1.5 * this.#length));
    this.#starts = extended(this.#starts, capacity);
    this.#ends = extended(this.#ends, capacity);
  }

  /** There has to be room. */
  push(start: number, end: number): void {
    this.#starts[this.#length] = start;
    this.#ends[this.#length++] = end;
  }

  fill(start: number, end: number, units: number): void {
    this.makeRoom(units);
    this.#starts.fill(start, this.#length, this.#length + units);
    this.#ends.fill(end, this.#length, (this.#length += units));
  }

  get starts(): Int32Array {
    return this.#starts.subarray(0, this.#length);
  }

  get ends(): Int32Array {
    return this.#ends.subarray(0, this.#length);
  }
}

function extended(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(array);
  return longer;
}

/** So many parts are joined at once: a list of millions takes more memory than their text. */
const PARTS = 4096;

class TextParts {
  #joined = "";
  #parts: string[] = [];

  push(part: string): void {
    if (this.#parts.push(part) < PARTS) return;
    this.#joined += this.#parts.join("");
    this.#parts = [];
  }

  join(): string {
    return this.#joined + this.#parts.join("");
  }
}
