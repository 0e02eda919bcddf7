import { codePoints, pointCount, pointIndex, unitOffset } from "./characters";
import { boundedText } from "./limits";
import { sliceIndices } from "./slices";
import { PyTuple, textOf, typeName, type Value } from "./values";
import { TemplateError } from "./template-error";

/** The part of `text` from one code point to another, and where it begins; undefined where that is beyond its end. */
function section(text: string, start: Value, stop: Value): { part: string; from: number } | undefined {
  const length = pointCount(text);
  const bounds = sliceIndices({ start, stop, step: null }, length);
  if (bounds.start > bounds.stop || (typeof start === "bigint" && start > BigInt(length))) return undefined;
  return {
    part: text.slice(unitOffset(text, bounds.start), unitOffset(text, bounds.stop)),
    from: bounds.start,
  };
}

/** Python's `find` and `rfind`: a code point index, or -1. @throws TemplateError */
export function find(text: string, part: string, start: Value, stop: Value, fromEnd: boolean): number {
  const range = section(text, start, stop);
  if (!range) return -1;
  const at = fromEnd ? range.part.lastIndexOf(part) : range.part.indexOf(part);
  return at < 0 ? -1 : range.from + pointIndex(range.part, at);
}

/** Python's `count`: how often `part` occurs, without overlaps. @throws TemplateError */
export function count(text: string, part: string, start: Value, stop: Value): number {
  const range = section(text, start, stop);
  if (!range) return 0;
  return part === "" ? pointCount(range.part) + 1 : range.part.split(part).length - 1;
}

/** Python's `startswith` and `endswith`, with one text or a tuple of them. @throws TemplateError */
export function startsOrEnds(
  name: "startswith" | "endswith",
  text: string,
  affix: Value,
  start: Value,
  stop: Value,
): boolean {
  const options = affix instanceof PyTuple ? affix.items : [affix];
  const range = section(text, start, stop);
  return options.some((option) => {
    const one = textOf(option);
    if (one === undefined) {
      throw new TemplateError("Type", `${name} first arg must be str or a tuple of str, not ${typeName(option)}`);
    }
    if (!range) return false;
    return name === "startswith" ? range.part.startsWith(one) : range.part.endsWith(one);
  });
}

/** Python's `replace`; `limit` is how often at most, or negative. @throws TemplateError */
export function replace(text: string, old: string, replacement: string, limit: number): string {
  // Between all code points, not within one.
  const parts = old === "" ? ["", ...codePoints(text), ""] : text.split(old);
  const times = limit < 0 ? parts.length - 1 : Math.min(limit, parts.length - 1);
  boundedText(text.length + times * (replacement.length - old.length));
  const replaced = parts.slice(0, times + 1).join(replacement);
  return [replaced, ...parts.slice(times + 1)].join(old);
}

/** Python's `ljust`, `rjust` and `center`. @throws TemplateError */
export function pad(text: string, width: number, fill: string, side: "left" | "right" | "center"): string {
  if (pointCount(fill) !== 1) throw new TemplateError("Type", "The fill character must be exactly one character long");
  const missing = Math.max(0, boundedText(width) - pointCount(text));
  // The odd one goes left where the width is odd too: so does CPython.
  const left = side === "left" ? 0 : side === "right" ? missing : Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

/** Python's `zfill`. @throws TemplateError */
export function zeroFill(text: string, width: number): string {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(Math.max(0, boundedText(width) - pointCount(text))) + text.slice(sign.length);
}

/** Python's `expandtabs`. @throws TemplateError */
export function expandTabs(text: string, size: number): string {
  boundedText(Math.max(0, size) * text.split("\t").length);
  let column = 0;
  return codePoints(text)
    .map((character) => {
      if (character === "\t") {
        const width = size > 0 ? size - (column % size) : 0;
        column += width;
        return " ".repeat(width);
      }
      column = character === "\n" || character === "\r" ? 0 : column + 1;
      return character;
    })
    .join("");
}
