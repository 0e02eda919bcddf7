import { setImmediate } from "node:timers/promises";

/** A text is read in turns of the process's loop, which others share. */
const TURN_MILLISECONDS = 10;
/** So many characters are given to `JSON.parse` at once: a millisecond or two. */
const PIECE = 64 * 1024;
/** No document of ours has a longer text in it, which `JSON.parse` reads in one turn. */
export const LONGEST_TEXT = 8_000_000;
/** No document of ours has more lists and objects inside each other. */
const DEEPEST = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT] = [0x5b, 0x5d, 0x7b];
/** All else is part of a number, a word or the space between. */
const MARKS = /["[\]{},]/g;

/** A list or an object whose end has not come yet. */
interface Container {
  readonly isList: boolean;
  /** Where it opens. */
  readonly start: number;
  /** What of it is in `value` already: nothing while it is undefined, else the members before `from`. */
  value: unknown[] | Record<string, unknown> | undefined;
  /** Where members begin that are not in `value`. */
  from: number;
  /** Behind the last comma between its own members, or its beginning. */
  member: number;
  /** Whether its last member is in `value` already, so that only a comma or its end may follow. */
  isMemberDone: boolean;
}

/**
 * What `JSON.parse` gives of a text or of its UTF-8, in turns. It is cut between members of lists and objects, so that each piece is read by `JSON.parse`
 * itself, and bytes become characters piece by piece too.
 * @throws SyntaxError as `JSON.parse` does; also for more than 64 lists and objects inside each other. RangeError for a text of more than 8 million characters.
 */
export async function parseJson(json: string | Uint8Array): Promise<unknown> {
  return await new Reading(typeof json === "string" ? slices(json) : decoded(json)).read();
}

/** The next so many characters or bytes, as characters; undefined at the end. */
type Pieces = (length: number) => string | undefined;

function slices(text: string): Pieces {
  let at = 0;
  return (length) => (at < text.length ? text.slice(at, (at += length)) : undefined);
}

function decoded(bytes: Uint8Array): Pieces {
  const decoder = new TextDecoder();
  let at = 0;
  return (length) => {
    if (at >= bytes.length) return undefined;
    const piece = bytes.subarray(at, (at += length));
    return decoder.decode(piece, { stream: at < bytes.length });
  };
}

class Reading {
  readonly #next: Pieces;
  /** Where `#text` begins in the whole: places are those of the whole. */
  #base = 0;
  #text = "";
  readonly #open: Container[] = [];
  /** Where the text begins that no `value` has: of the innermost container that has one, or of the whole. */
  #pending = 0;
  #whole: unknown;
  #isWhole = false;
  #turn = performance.now();

  constructor(next: Pieces) {
    this.#next = next;
  }

  async read(): Promise<unknown> {
    let at = 0;
    let looked = 0;
    while (this.#readOn()) {
      const marks = new RegExp(MARKS);
      marks.lastIndex = at - this.#base;
      at = this.#end;
      for (let found = marks.exec(this.#text); found; found = marks.exec(this.#text)) {
        const end = this.#mark(found.index);
        if (end === undefined) {
          at = this.#base + found.index;
          break;
        }
        marks.lastIndex = end;
        if ((++looked & 0x3ff) === 0 || this.#base + found.index - this.#pending >= PIECE) await this.#pause();
      }
      await this.#pause();
    }
    if (at < this.#end) throw new SyntaxError("a string has no end");
    if (this.#open.length > 0) throw new SyntaxError("a list or an object has no end");
    if (!this.#isWhole) return JSON.parse(this.#text) as unknown;
    this.#blank(this.#pending, this.#end);
    return this.#whole;
  }

  get #end(): number {
    return this.#base + this.#text.length;
  }

  /** Takes more of the text, and as much again as is there and pending: a long string is not read from its beginning too often. */
  #readOn(): boolean {
    const pending = this.#text.slice(this.#pending - this.#base);
    if (pending.length > LONGEST_TEXT) throw new RangeError("a piece of it is too long");
    const more = this.#next(Math.max(PIECE, pending.length));
    if (more === undefined) return false;
    this.#base = this.#pending;
    this.#text = pending + more;
    return true;
  }

  async #pause(): Promise<void> {
    if (performance.now() - this.#turn < TURN_MILLISECONDS) return;
    await setImmediate();
    this.#turn = performance.now();
  }

  /** @returns where to look on, in `#text`; undefined where more of it is needed for that. */
  #mark(index: number): number | undefined {
    const code = this.#text.charCodeAt(index);
    if (code === QUOTE) return this.#endOfString(index);
    const at = this.#base + index;
    if (code === COMMA) this.#comma(at);
    else if (code === OPEN_LIST || code === OPEN_OBJECT) this.#opens(at, code === OPEN_LIST);
    else this.#closes(at, code === CLOSE_LIST);
    return index + 1;
  }

  /** Behind a string's closing quote, if that is there yet. */
  #endOfString(start: number): number | undefined {
    for (let end = this.#text.indexOf('"', start + 1); end >= 0; end = this.#text.indexOf('"', end + 1)) {
      let escapes = 0;
      while (this.#text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
      if (escapes % 2 === 0) return end + 1;
    }
    return undefined;
  }

  /** The text between two places of the whole, of which nothing has been taken. */
  #between(from: number, to: number): string {
    return this.#text.slice(from - this.#base, to - this.#base);
  }

  #opens(at: number, isList: boolean): void {
    if (this.#isWhole || this.#open.at(-1)?.isMemberDone) throw new SyntaxError("a comma is missing");
    if (this.#open.length === DEEPEST) throw new SyntaxError("too many lists and objects inside each other");
    const from = at + 1;
    this.#open.push({ isList, start: at, value: undefined, from, member: from, isMemberDone: false });
  }

  #comma(at: number): void {
    const inner = this.#open.at(-1);
    if (inner === undefined) throw new SyntaxError("a comma is between no members");
    if (inner.isMemberDone) {
      this.#blank(inner.from, at);
      inner.isMemberDone = false;
      inner.from = this.#pending = at + 1;
    }
    inner.member = at + 1;
    if (at + 1 - this.#pending >= PIECE) this.#takeAll();
  }

  #closes(at: number, isList: boolean): void {
    const closed = this.#open.pop();
    if (closed?.isList !== isList) throw new SyntaxError("a list or an object ends that did not begin");
    if (closed.value === undefined) return;
    if (closed.isMemberDone) this.#blank(closed.from, at);
    else this.#take(closed, at);
    const outer = this.#open.at(-1);
    this.#pending = at + 1;
    if (outer === undefined) this.#isWhole = true;
    else {
      outer.from = at + 1;
      outer.isMemberDone = true;
    }
  }

  /** Takes what is there of all that is open, from the outermost: the members of each before the one that is open. */
  #takeAll(): void {
    for (const [depth, container] of this.#open.entries()) {
      const inner = this.#open[depth + 1];
      const isNew = container.value === undefined;
      container.value ??= container.isList ? [] : {};
      if (isNew && depth === 0) {
        this.#blank(0, container.start);
        this.#whole = container.value;
      }
      if (inner === undefined) this.#takeUntil(container, container.member);
      else if (inner.value === undefined) {
        this.#takeUntil(container, container.member);
        inner.value = inner.isList ? [] : {};
        if (container.isList) this.#blank(container.member, inner.start);
        this.#add(container, container.isList ? undefined : this.#key(container.member, inner.start), inner.value);
      }
    }
    this.#pending = this.#open.at(-1)?.member ?? 0;
  }

  /** Takes members up to the comma before `end`. */
  #takeUntil(container: Container, end: number): void {
    if (end > container.from) this.#take(container, end - 1);
    container.from = end;
  }

  /** Takes members that end before `end`, a comma's or the closing bracket's place: there is one at least. */
  #take(container: Container, end: number): void {
    const members = this.#between(container.from, end);
    const { value } = container;
    if (Array.isArray(value)) {
      const read = JSON.parse(`[${members}]`) as unknown[];
      if (read.length === 0) throw new SyntaxError("a member is missing");
      for (const each of read) value.push(each);
    } else {
      const read = Object.entries(JSON.parse(`{${members}}`) as Record<string, unknown>);
      if (read.length === 0) throw new SyntaxError("a member is missing");
      for (const [key, each] of read) this.#add(container, key, each);
    }
  }

  #add({ value }: Container, key: string | undefined, member: unknown): void {
    if (Array.isArray(value)) value.push(member);
    // whatever it is called: an assignment to `__proto__` makes no member
    else if (value !== undefined && key !== undefined)
      Object.defineProperty(value, key, { value: member, enumerable: true, configurable: true, writable: true });
  }

  /** The key before a member's value, with its colon. */
  #key(from: number, to: number): string {
    const [key = ""] = Object.keys(JSON.parse(`{${this.#between(from, to)}0}`) as object);
    return key;
  }

  #blank(from: number, to: number): void {
    if (/[^ \t\r\n]/.test(this.#between(from, to))) throw new SyntaxError("something stands where nothing may");
  }
}
