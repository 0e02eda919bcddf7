import { hasAtMost, pointCount, SPACE as ANY_SPACE, unitOffset } from "./characters";
import { boundedItems, spend } from "./limits";
import { TemplateError } from "./template-error";

const SPACE = String.raw`[\t\n\v\f\r ]`;
const NO_SPACE = String.raw`[^\t\n\v\f\r ]`;
const WORD = String.raw`[\p{L}\p{N}_!"'&.,?]`;
const LETTER = String.raw`[^\P{L}\d_]`;
/** Where a line may be broken, after `wordsep_re` of Python's textwrap. */
const chunksWithHyphens = new RegExp(
  `(${SPACE}+|(?<=${WORD})-{2,}(?=[\\p{L}\\p{N}_])|${NO_SPACE}+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=${SPACE}|$)|(?<=${WORD})(?=-{2,}[\\p{L}\\p{N}_])))`,
  "u",
);
const chunksOfSpace = new RegExp(`(${SPACE}+)`, "u");

/** One paragraph in lines of at most `width` code points, as Python's `textwrap.wrap` breaks it. @throws TemplateError */
export function wrapLine(text: string, width: number, breakLong: boolean, breakHyphens: boolean): string[] {
  if (width <= 0) throw new TemplateError("Value", `invalid width ${width} (must be > 0)`);
  spend(20 + 2 * text.length);
  const chunks = text
    .split(breakHyphens ? chunksWithHyphens : chunksOfSpace)
    .filter((chunk) => chunk)
    .reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0) dropBlank(chunks);
    const line: string[] = [];
    let length = 0;
    for (let chunk = chunks.at(-1); chunk !== undefined && hasAtMost(chunk, width - length); chunk = chunks.at(-1)) {
      chunks.pop();
      line.push(chunk);
      length += pointCount(chunk);
    }
    const long = chunks.at(-1);
    if (long !== undefined && !hasAtMost(long, width)) {
      // None is left where spaces fill the line: Python then ends it with them.
      breakWord(chunks, line, width - length, { breakLong, breakHyphens });
    }
    dropBlank(line);
    if (line.length > 0) boundedItems(lines.push(line.join("")));
  }
  return lines;
}

const blank = new RegExp(`^[${ANY_SPACE}]*$`, "u");

/** Takes the last chunk away where it is nothing but space. */
function dropBlank(chunks: string[]): void {
  const last = chunks.at(-1);
  if (last === undefined) return;
  spend(last.length / 128);
  if (blank.test(last)) chunks.pop();
}

/** Puts what fits of a word that is longer than a line, or all of it where it may not be broken. */
function breakWord(
  chunks: string[],
  line: string[],
  room: number,
  { breakLong, breakHyphens }: { readonly breakLong: boolean; readonly breakHyphens: boolean },
): void {
  if (breakLong) {
    const word = chunks.pop() ?? "";
    let end = unitOffset(word, room);
    if (breakHyphens && word.length > end) {
      const hyphen = word.slice(0, end).lastIndexOf("-");
      if (hyphen > 0 && /[^-]/.test(word.slice(0, hyphen))) end = hyphen + 1;
    }
    line.push(word.slice(0, end));
    if (end < word.length) chunks.push(word.slice(end));
  } else if (line.length === 0) {
    line.push(chunks.pop() ?? "");
  }
}
