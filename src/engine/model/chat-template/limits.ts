import { TemplateError } from "./template-error";

// Templates come from strangers, and Jinja loops: each of these is far above what a template for a text needs.
/** UTF-16 units of a text. */
const MAX_TEXT = 1 << 24;
const MAX_ITEMS = 1 << 20;
const MAX_BITS = 1 << 17;
const MAX_WORK = 1 << 23;
/** Calls of macros and recursive loops within another; Python's own stack allows about as many. */
const MAX_DEPTH = 180;

/** `length`, that of a text. @throws TemplateError where it is more than any template needs. */
export function boundedText(length: number): number {
  if (length > MAX_TEXT) throw new TemplateError("Limit", `a text of more than ${MAX_TEXT} characters is made`);
  return length;
}

/** `count`, that of a list's items. @throws TemplateError where it is more than any template needs. */
export function boundedItems(count: number): number {
  if (count > MAX_ITEMS) throw new TemplateError("Limit", `a list of more than ${MAX_ITEMS} items is made`);
  return count;
}

/** `bits`, those of an integer. @throws TemplateError where they are more than any template needs. */
export function boundedBits(bits: number): number {
  if (bits > MAX_BITS) throw new TemplateError("Limit", `an integer of more than ${MAX_BITS} bits is made`);
  return bits;
}

/** What one use of a template may still do. */
export class Budget {
  private left = MAX_WORK;
  private depth = 0;

  /** @throws TemplateError once all steps are taken. */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new TemplateError("Limit", `it takes more than ${MAX_WORK} steps`);
  }

  /** What `body` returns, which runs one call deeper. @throws TemplateError */
  deeper<T>(body: () => T): T {
    if (this.depth >= MAX_DEPTH) throw new TemplateError("Limit", `calls are nested more than ${MAX_DEPTH} deep`);
    this.depth++;
    try {
      return body();
    } finally {
      this.depth--;
    }
  }
}
