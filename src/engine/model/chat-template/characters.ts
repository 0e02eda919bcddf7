import { spend, spendReading, spendWalk } from "./limits";
import { TemplateError } from "./template-error";

/** What Python's `str.isspace` and its `\s` take for space, as a class of a regular expression: not JavaScript's `\s`. */
export const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const leading = new RegExp(`^[${SPACE}]+`, "u");
const space = new RegExp(`[${SPACE}]`, "u");

/** `text` without space at its start, as Python's `lstrip`. */
export function stripStart(text: string): string {
  spendReading(text.length);
  return text.replace(leading, "");
}

/** `text` without space at its end, as Python's `rstrip`. */
export function stripEnd(text: string): string {
  // From the end by hand: a regular expression would look at each run of spaces in the text.
  spendReading(text.length);
  let end = text.length;
  while (end > 0 && space.test(text.charAt(end - 1))) end--;
  spend((text.length - end) / 2);
  return text.slice(0, end);
}

/** `text` without space around it, as Python's `strip`. */
export function strip(text: string): string {
  return stripStart(stripEnd(text));
}

const wide = /[\ud800-\udfff]/;

/** The code points of `text`, which are what Python counts. */
export function codePoints(text: string): string[] {
  spend(text.length / 2);
  return wide.test(text) ? Array.from(text) : text.split("");
}

/** How many code points `text` has. */
export function pointCount(text: string): number {
  spendReading(text.length);
  if (!wide.test(text)) return text.length;
  spendWalk(text.length);
  let count = 0;
  for (const point of text) if (point) count++;
  return count;
}

/** Python's `chr`, as formats use it. @throws TemplateError */
export function characterOf(code: bigint): string {
  if (code < 0n || code > 0x10ffffn) throw new TemplateError("Overflow", "%c arg not in range(0x110000)");
  return String.fromCodePoint(Number(code));
}

/** How many UTF-16 units the code point at `units` has. */
function width(text: string, units: number): number {
  return (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
}

/** Where, in UTF-16 units, the code point `index` of `text` is; the text's length beyond its end. */
export function unitOffset(text: string, index: number): number {
  const steps = Math.max(0, Math.min(index, text.length));
  spendReading(text.length);
  spend(steps / 32);
  if (index >= text.length) return text.length;
  let units = 0;
  for (let i = 0; i < steps && units < text.length; i++) units += width(text, units);
  return units;
}

/** Where, in UTF-16 units, the last `count` code points of `text` begin. */
export function unitOffsetFromEnd(text: string, count: number): number {
  const steps = Math.max(0, Math.min(count, text.length));
  spendReading(text.length);
  spend(steps / 32);
  let units = text.length;
  for (let i = 0; i < steps && units > 0; i++) units -= units > 1 && width(text, units - 2) === 2 ? 2 : 1;
  return units;
}

/** The code point at `index`, from the end where that is negative; undefined where there is none. */
export function pointAt(text: string, index: number): string | undefined {
  if (index < -text.length || index >= text.length) return undefined;
  if (index >= 0) {
    const from = unitOffset(text, index);
    return from < text.length ? text.slice(from, from + width(text, from)) : undefined;
  }
  const before = unitOffsetFromEnd(text, -index - 1);
  const from = unitOffsetFromEnd(text.slice(0, before), 1);
  return before > 0 ? text.slice(from, before) : undefined;
}

/** Whether `text` has at most `most` code points. */
export function hasAtMost(text: string, most: number): boolean {
  return text.length <= most || (text.length <= 2 * most && pointCount(text) <= most);
}

/** Text that is put together from many small parts, which are not kept. */
export class TextBuilder {
  readonly #blocks: string[] = [];
  #parts: string[] = [];

  add(part: string): void {
    this.#parts.push(part);
    if (this.#parts.length < 4096) return;
    this.#blocks.push(this.#parts.join(""));
    this.#parts = [];
  }

  toString(): string {
    return this.#blocks.join("") + this.#parts.join("");
  }
}

/** `text` with each match of `pattern`, which is one character, replaced: block by block, for matches take much memory. */
export function replaceCharacters(text: string, pattern: RegExp, replacement: (character: string) => string): string {
  const block = 1 << 16;
  const built = new TextBuilder();
  spend(text.length / 16);
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + block);
    if (to < text.length && width(text, to - 1) === 2) to++;
    built.add(
      text.slice(from, to).replace(pattern, (character) => {
        spend(1);
        return replacement(character);
      }),
    );
    from = to;
  }
  return built.toString();
}

/** The code point index of a UTF-16 offset. */
export function pointIndex(text: string, units: number): number {
  return units < 0 ? -1 : pointCount(text.slice(0, units));
}
