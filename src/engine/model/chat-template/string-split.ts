import { codePoints, SPACE, strip, stripEnd, stripStart } from "./characters";
import { TemplateError } from "./template-error";

const spaces = new RegExp(`[${SPACE}]+`, "gu");
const lineEnd = new RegExp(String.raw`\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]`, "gu");

/** Which ends of a text are stripped. */
export type Side = "both" | "start" | "end";

/** Python's `strip`, `lstrip` and `rstrip`: of `characters`, or of space without them. */
export function stripSide(text: string, side: Side, characters: string | undefined): string {
  if (characters === undefined)
    return side === "both" ? strip(text) : side === "start" ? stripStart(text) : stripEnd(text);
  const set = new Set(codePoints(characters));
  const points = codePoints(text);
  let from = 0;
  let to = points.length;
  if (side !== "end") while (from < to && set.has(points[from])) from++;
  if (side !== "start") while (to > from && set.has(points[to - 1])) to--;
  return points.slice(from, to).join("");
}

/** Python's `split` and `rsplit`; `limit` is how often at most, or negative. @throws TemplateError */
export function split(text: string, separator: string | undefined, limit: number, fromEnd: boolean): string[] {
  if (separator === undefined) return splitSpace(text, limit, fromEnd);
  if (separator === "") throw new TemplateError("Value", "empty separator");
  const parts = text.split(separator);
  if (limit < 0 || parts.length - 1 <= limit) return parts;
  return fromEnd
    ? [parts.slice(0, parts.length - limit).join(separator), ...parts.slice(parts.length - limit)]
    : [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

function splitSpace(text: string, limit: number, fromEnd: boolean): string[] {
  // Only the side from which it is split loses its space where the limit is reached.
  const trimmed = strip(text);
  if (trimmed === "") return [];
  const gaps = [...trimmed.matchAll(spaces)];
  const isAll = limit < 0 || limit > gaps.length;
  const used = isAll ? gaps : fromEnd ? gaps.slice(gaps.length - limit) : gaps.slice(0, limit);
  const whole = isAll ? trimmed : fromEnd ? stripEnd(text) : stripStart(text);
  const offset = whole.length - trimmed.length;
  const shift = fromEnd ? offset : 0;
  const parts: string[] = [];
  let from = 0;
  for (const gap of used) {
    parts.push(whole.slice(from, gap.index + shift));
    from = gap.index + shift + gap[0].length;
  }
  return [...parts, whole.slice(from)];
}

/** Python's `splitlines`. */
export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const match of text.matchAll(lineEnd)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(from, keepEnds ? end : match.index));
    from = end;
  }
  return from < text.length ? [...lines, text.slice(from)] : lines;
}

/** Python's `partition` and `rpartition`. @throws TemplateError */
export function partition(text: string, separator: string, fromEnd: boolean): [string, string, string] {
  if (separator === "") throw new TemplateError("Value", "empty separator");
  const at = fromEnd ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return fromEnd ? ["", "", text] : [text, "", ""];
  return [text.slice(0, at), separator, text.slice(at + separator.length)];
}
