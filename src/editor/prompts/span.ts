/** A prompt in a text, by UTF-16 offsets. */
export interface Span {
  /** Where what holds it begins: a quote, a fence. */
  readonly at: number;
  /** The prompt itself, as it is written, without what is blank around it. */
  readonly from: number;
  readonly to: number;
}

/** The most characters of a text that prompts are looked for in: it is read again after every pause in typing. */
export const LONGEST_SOURCE = 500_000;

/** The least characters of a string in code that may be a prompt. */
const SHORTEST = 40;

/** What stands between two offsets without what is blank around it; undefined where all of it is. */
export function spanOf(text: string, at: number, from: number, to: number): Span | undefined {
  const inside = text.slice(from, to);
  const own = inside.trim();
  if (own === "") return undefined;
  const start = from + inside.indexOf(own.charAt(0));
  return { at, from: start, to: start + own.length };
}

/** A string of code that somebody may have written for a model to read: one of several words. */
export function proseOf(code: string, at: number, from: number, to: number): Span | undefined {
  const span = spanOf(code, at, from, to);
  return span && span.to - span.from >= SHORTEST && /\s/.test(code.slice(span.from, span.to)) ? span : undefined;
}

/**
 * Finds where strings end that end with their line: each stretch of the code is read once, however many quotes in it are not closed.
 * @param closes whether the string ends with the character at an offset, told after what is escaped was left out.
 */
export class LineStrings {
  readonly #code: string;
  /** By what opens a string: up to where nothing closes one. */
  readonly #unclosed = new Map<string, number>();

  constructor(code: string) {
    this.#code = code;
  }

  /** The offset behind the string that the character at `at` opens; that behind the character where nothing closes it. */
  end(at: number, closes: () => (character: string) => boolean): number {
    const code = this.#code;
    const opener = code.charAt(at);
    if (at < (this.#unclosed.get(opener) ?? 0)) return at + 1;
    const isEnd = closes();
    let place = at + 1;
    for (; place < code.length && code[place] !== "\n"; place++) {
      if (code[place] === "\\") place++;
      else if (isEnd(code.charAt(place))) return place + 1;
    }
    this.#unclosed.set(opener, place);
    return at + 1;
  }
}
