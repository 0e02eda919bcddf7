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

/** The budget of the template that runs: a use of one is never interrupted by another's. */
let current: Budget | undefined;

/** What `body` returns, for whose work `budget` pays. @throws TemplateError */
export function paying<T>(budget: Budget, body: () => T): T {
  const before = current;
  current = budget;
  try {
    return body();
  } finally {
    current = before;
  }
}

/** Pays for work that is about to be done; a step is worth about a tenth of a microsecond. @throws TemplateError */
export function spend(steps: number): void {
  current?.spend(steps);
}

/** Pays for reading a text of `length` from end to end, as a search does. @throws TemplateError */
export function spendReading(length: number): void {
  spend(length / 128);
}

/** Pays for a text of `length` that is about to be made. @throws TemplateError also where it is too long */
export function spendText(length: number): void {
  boundedText(length);
  spend(length / 32);
}

/** Pays for looking at each character of a text of `length`. @throws TemplateError */
export function spendWalk(length: number): void {
  spend(length / 8);
}

/** Pays for a search for a text of `part` characters in one of `whole`. @throws TemplateError */
export function spendSearch(whole: number, part: number, fromEnd = false): void {
  // The engine skips up to 250 characters at once; from the end it compares at each.
  spend((Math.max(0, whole - part) * Math.max(1, fromEnd ? part : part / 250) + part) / 128);
}

/** Pays for a list of `count` items that is about to be made. @throws TemplateError also where it is too long */
export function spendItems(count: number): void {
  boundedItems(count);
  spend(1 + count / 4);
}

/** What one use of a template may still do. */
export class Budget {
  #left = MAX_WORK;
  #depth = 0;

  /** @throws TemplateError once all steps are taken. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TemplateError("Limit", `it takes more than ${MAX_WORK} steps`);
  }

  /** What `body` returns, which runs one call deeper. @throws TemplateError */
  deeper<T>(body: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw new TemplateError("Limit", `calls are nested more than ${MAX_DEPTH} deep`);
    this.#depth++;
    try {
      return body();
    } finally {
      this.#depth--;
    }
  }
}
