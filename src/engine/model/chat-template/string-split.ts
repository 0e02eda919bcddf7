import { codePoints, SPACE, strip, stripEnd, stripStart } from "./characters";
import { boundedItems, spend, spendReading, spendSearch, spendWalk } from "./limits";
import { TemplateError } from "./template-error";

const space = new RegExp(`[${SPACE}]`, "u");
const lineEnd = new RegExp(String.raw`\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]`, "gu");

/** Which ends of a text are stripped. */
export type Side = "both" | "start" | "end";

/** Python's `strip`, `lstrip` and `rstrip`: of `characters`, or of space without them. */
export function stripSide(text: string, side: Side, characters: string | undefined): string {
  if (characters === undefined)
    return side === "both" ? strip(text) : side === "start" ? stripStart(text) : stripEnd(text);
  spendReading(text.length);
  const set = new Set(codePoints(characters));
  let from = 0;
  let to = text.length;
  const first = (): string => String.fromCodePoint(text.codePointAt(from) ?? 0);
  const last = (): string => {
    const pair = to > 1 ? String.fromCodePoint(text.codePointAt(to - 2) ?? 0) : "";
    return pair.length === 2 ? pair : text.charAt(to - 1);
  };
  if (side !== "end") while (from < to && set.has(first())) from += first().length;
  if (side !== "start") while (to > from && set.has(last())) to -= last().length;
  spend((text.length - (to - from)) / 4);
  return text.slice(from, to);
}

/** Python's `split` and `rsplit`; `limit` is how often at most, or negative. @throws TemplateError */
export function split(text: string, separator: string | undefined, limit: number, fromEnd: boolean): string[] {
  if (separator === undefined) return splitSpace(text, limit, fromEnd);
  if (separator === "") throw new TemplateError("Value", "empty separator");
  const most = limit < 0 ? Infinity : limit;
  return fromEnd ? splitFromEnd(text, separator, most) : splitFromStart(text, separator, most);
}

function splitFromStart(text: string, separator: string, most: number): string[] {
  spendSearch(text.length, separator.length);
  const parts: string[] = [];
  let from = 0;
  while (parts.length < most) {
    const at = text.indexOf(separator, from);
    if (at < 0) break;
    addPart(parts, text.slice(from, at));
    from = at + separator.length;
  }
  addPart(parts, text.slice(from));
  return parts;
}

function splitFromEnd(text: string, separator: string, most: number): string[] {
  spendSearch(text.length, separator.length, true);
  const parts: string[] = [];
  let to = text.length;
  while (parts.length < most && to >= separator.length) {
    const at = text.lastIndexOf(separator, to - separator.length);
    if (at < 0) break;
    addPart(parts, text.slice(at + separator.length, to));
    to = at;
  }
  addPart(parts, text.slice(0, to));
  return parts.reverse();
}

function addPart(parts: string[], part: string): void {
  spend(1);
  boundedItems(parts.push(part));
}

function splitSpace(text: string, limit: number, fromEnd: boolean): string[] {
  spendWalk(text.length);
  const most = limit < 0 ? Infinity : limit;
  return fromEnd ? splitSpaceFromEnd(text, most) : splitSpaceFromStart(text, most);
}

function splitSpaceFromStart(text: string, most: number): string[] {
  const parts: string[] = [];
  for (let from = 0; ;) {
    while (from < text.length && isSpace(text, from)) from++;
    if (from === text.length) return parts;
    let to = from;
    // The last part keeps what space is at its end.
    if (parts.length >= most) to = text.length;
    else while (to < text.length && !isSpace(text, to)) to++;
    addPart(parts, text.slice(from, to));
    from = to;
  }
}

function splitSpaceFromEnd(text: string, most: number): string[] {
  const parts: string[] = [];
  for (let to = text.length; ;) {
    while (to > 0 && isSpace(text, to - 1)) to--;
    if (to === 0) return parts.reverse();
    let from = to;
    if (parts.length >= most) from = 0;
    else while (from > 0 && !isSpace(text, from - 1)) from--;
    addPart(parts, text.slice(from, to));
    to = from;
  }
}

function isSpace(text: string, at: number): boolean {
  return space.test(text.charAt(at));
}

/** Python's `splitlines`. */
export function splitLines(text: string, keepEnds: boolean): string[] {
  spendReading(2 * text.length);
  const lines: string[] = [];
  let from = 0;
  for (const match of text.matchAll(lineEnd)) {
    const end = match.index + match[0].length;
    addPart(lines, text.slice(from, keepEnds ? end : match.index));
    from = end;
  }
  if (from < text.length) addPart(lines, text.slice(from));
  return lines;
}

/** Python's `partition` and `rpartition`. @throws TemplateError */
export function partition(text: string, separator: string, fromEnd: boolean): [string, string, string] {
  if (separator === "") throw new TemplateError("Value", "empty separator");
  spendSearch(text.length, separator.length, fromEnd);
  const at = fromEnd ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return fromEnd ? ["", "", text] : [text, "", ""];
  return [text.slice(0, at), separator, text.slice(at + separator.length)];
}
