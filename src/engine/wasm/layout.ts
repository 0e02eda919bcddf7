/** What arrays begin at a multiple of: a vector's bytes. */
const ALIGNMENT = 16;

/** Gives out places in a kernel's memory, one behind the other. */
export class Layout {
  #end = 0;

  /** Bytes that all places take together. */
  get end(): number {
    return this.#end;
  }

  /** Where so many bytes begin. */
  place(bytes: number): number {
    const start = this.#end;
    this.#end = Math.ceil((start + bytes) / ALIGNMENT) * ALIGNMENT;
    return start;
  }
}
