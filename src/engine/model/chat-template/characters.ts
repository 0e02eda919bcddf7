/** What Python's `str.isspace` and its `\s` take for space, as a class of a regular expression: not JavaScript's `\s`. */
export const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const leading = new RegExp(`^[${SPACE}]+`, "u");
const space = new RegExp(`[${SPACE}]`, "u");

/** `text` without space at its start, as Python's `lstrip`. */
export function stripStart(text: string): string {
  return text.replace(leading, "");
}

/** `text` without space at its end, as Python's `rstrip`. */
export function stripEnd(text: string): string {
  // From the end by hand: a regular expression would look at each run of spaces in the text.
  let end = text.length;
  while (end > 0 && space.test(text[end - 1])) end--;
  return text.slice(0, end);
}

/** `text` without space around it, as Python's `strip`. */
export function strip(text: string): string {
  return stripStart(stripEnd(text));
}

const wide = /[\ud800-\udfff]/;

/** The code points of `text`, which are what Python counts. */
export function codePoints(text: string): string[] {
  return wide.test(text) ? Array.from(text) : text.split("");
}

/** How many code points `text` has. */
export function pointCount(text: string): number {
  if (!wide.test(text)) return text.length;
  let count = 0;
  for (const point of text) if (point) count++;
  return count;
}

/** Where, in UTF-16 units, the code point `index` of `text` is; the text's length beyond its end. */
export function unitOffset(text: string, index: number): number {
  if (!wide.test(text)) return Math.min(index, text.length);
  let units = 0;
  for (const point of text) {
    if (index-- <= 0) return units;
    units += point.length;
  }
  return units;
}

/** The code point index of a UTF-16 offset. */
export function pointIndex(text: string, units: number): number {
  return units < 0 ? -1 : pointCount(text.slice(0, units));
}
