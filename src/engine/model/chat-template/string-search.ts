import { codePoints, pointCount, pointIndex, TextBuilder, unitOffset } from "./characters";
import { spend, spendReading, spendSearch, spendText } from "./limits";
import { type Bounds, sliceIndices } from "./slices";
import { PyTuple, textOf, typeName, type Value } from "./values";
import { TemplateError } from "./template-error";

/** From which code point to which one a method looks; `null` is one that is left out. */
export type SearchRange = Omit<Bounds, "step">;

/** The part of `text` from one code point to another, and where it begins; undefined where that is beyond its end. */
function section(text: string, { start, stop }: SearchRange): { part: string; from: number } | undefined {
  if (start === null && stop === null) return { part: text, from: 0 };
  const length = pointCount(text);
  const bounds = sliceIndices({ start, stop, step: null }, length);
  if (bounds.start > bounds.stop || (typeof start === "bigint" && start > BigInt(length))) return undefined;
  return {
    part: text.slice(unitOffset(text, bounds.start), unitOffset(text, bounds.stop)),
    from: bounds.start,
  };
}

/** Python's `find` and `rfind`: a code point index, or -1. @throws TemplateError */
export function find(text: string, part: string, within: SearchRange, fromEnd: boolean): number {
  const range = section(text, within);
  if (!range) return -1;
  spendSearch(range.part.length, part.length, fromEnd);
  const at = fromEnd ? range.part.lastIndexOf(part) : range.part.indexOf(part);
  return at < 0 ? -1 : range.from + pointIndex(range.part, at);
}

/** How often `part`, which is not empty, occurs in `text` without overlaps. @throws TemplateError */
export function occurrences(text: string, part: string): number {
  spendSearch(text.length, part.length);
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) {
    spend(1 / 4);
    found++;
  }
  return found;
}

/** Python's `count`: how often `part` occurs, without overlaps. @throws TemplateError */
export function count(text: string, part: string, within: SearchRange): number {
  const range = section(text, within);
  if (!range) return 0;
  return part === "" ? pointCount(range.part) + 1 : occurrences(range.part, part);
}

/** Python's `startswith` and `endswith`, with one text or a tuple of them. @throws TemplateError */
export function startsOrEnds(
  name: "startswith" | "endswith",
  text: string,
  affix: Value,
  within: SearchRange,
): boolean {
  const options = affix instanceof PyTuple ? affix.items : [affix];
  spendReading(text.length);
  const range = section(text, within);
  return options.some((option) => {
    const one = textOf(option);
    spend(1 + (one?.length ?? 0) / 128);
    if (one === undefined) {
      throw new TemplateError("Type", `${name} first arg must be str or a tuple of str, not ${typeName(option)}`);
    }
    if (!range) return false;
    return name === "startswith" ? range.part.startsWith(one) : range.part.endsWith(one);
  });
}

/** Python's `replace`; `limit` is how often at most, or negative. @throws TemplateError */
export function replace(text: string, old: string, replacement: string, limit: number): string {
  const found = old === "" ? pointCount(text) + 1 : occurrences(text, old);
  const times = limit < 0 ? found : Math.min(limit, found);
  if (times === 0) return text;
  spendText(text.length + times * (replacement.length - old.length));
  spend(times / 2);
  const built = new TextBuilder();
  let from = 0;
  for (let i = 0; i < times; i++) {
    // Between all code points, not within one.
    const at =
      old !== "" ? text.indexOf(old, from) : i === 0 ? 0 : from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
    built.add(text.slice(from, at));
    built.add(replacement);
    from = at + old.length;
  }
  built.add(text.slice(from));
  return built.toString();
}

/** Python's `ljust`, `rjust` and `center`. @throws TemplateError */
export function pad(text: string, width: number, fill: string, side: "left" | "right" | "center"): string {
  if (pointCount(fill) !== 1) throw new TemplateError("Type", "The fill character must be exactly one character long");
  spendText(Math.max(width, text.length));
  const missing = Math.max(0, width - pointCount(text));
  // The odd one goes left where the width is odd too: so does CPython.
  const left = side === "left" ? 0 : side === "right" ? missing : Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

/** Python's `zfill`. @throws TemplateError */
export function zeroFill(text: string, width: number): string {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  spendText(Math.max(width, text.length));
  return sign + "0".repeat(Math.max(0, width - pointCount(text))) + text.slice(sign.length);
}

/** Python's `expandtabs`. @throws TemplateError */
export function expandTabs(text: string, size: number): string {
  const points = codePoints(text);
  spendText(text.length + Math.max(0, size) * occurrences(text, "\t"));
  let column = 0;
  return points
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
