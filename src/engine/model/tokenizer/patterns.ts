import { SplitPreTokenizer } from "@huggingface/tokenizers";
import { ParamscopeError } from "../../errors";

/** `{ "Regex": … }` (Oniguruma's syntax) or `{ "String": … }` of tokenizer.json. */
export type Pattern = Readonly<{ Regex?: unknown; String?: unknown }>;

/**
 * The pattern as a JavaScript expression with the flags `gu`. The translation is that of `@huggingface/tokenizers`:
 * `\s` is Unicode's White_Space, `\d` its decimal digits, and `(?i:…)` is written out.
 *
 * @throws ParamscopeError when it cannot be translated.
 */
export function compilePattern(pattern: Pattern): RegExp {
  if (typeof pattern.String === "string") {
    return new RegExp(pattern.String.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "gu");
  }
  if (typeof pattern.Regex !== "string") {
    throw new ParamscopeError("The tokenizer has a pattern that is neither a Regex nor a String.", REMEDY);
  }
  try {
    const { pattern: compiled } = new SplitPreTokenizer({
      type: "Split",
      pattern: { Regex: pattern.Regex },
      behavior: "Isolated",
      invert: false,
    }) as unknown as { pattern: RegExp };
    return compiled;
  } catch (error) {
    throw new ParamscopeError(`The tokenizer's pattern ${pattern.Regex} is not supported.`, REMEDY, { cause: error });
  }
}

const REMEDY = "Use another model.";

/** A stretch `[from, to)` of a text, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * All matches in the text. A pattern that only looks ahead has empty ones, and a text is cut at them as well; but right behind a
 * match, an empty one is none (`FindMatches` of the onig library, which tokenizers uses).
 */
export function* matches(text: string, pattern: RegExp): Generator<Span> {
  let end = -1;
  for (const { index: from, 0: match } of text.matchAll(pattern)) {
    if (match === "" && from === end) continue;
    yield { from, to: (end = from + match.length) };
  }
}

/** What becomes of the matches that a text is cut at, by the names that tokenizer.json has. */
export type SplitBehavior = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

interface Piece extends Span {
  readonly isMatch: boolean;
}

/**
 * Cuts a text at the matches of a pattern; `invert` takes what is between the matches for the matches. The cases are
 * those of tokenizers' `NormalizedString::split`.
 */
export function split(length: number, found: Iterable<Span>, behavior: SplitBehavior, invert: boolean): Span[] {
  const pieces: Piece[] = [];
  const addGap = (from: number, to: number): void => {
    if (from < to) pieces.push({ from, to, isMatch: invert });
  };
  let end = 0;
  for (const match of found) {
    addGap(end, match.from);
    pieces.push({ ...match, isMatch: !invert });
    end = match.to;
  }
  addGap(end, length);
  return joined(pieces, behavior).filter(({ from, to }) => from < to);
}

function joined(pieces: readonly Piece[], behavior: SplitBehavior): readonly Span[] {
  switch (behavior) {
    case "Isolated":
      return pieces;
    case "Removed":
      return pieces.filter((piece) => !piece.isMatch);
    case "Contiguous":
      return joinedWhere(pieces, (previous, piece) => previous.isMatch === piece.isMatch);
    case "MergedWithPrevious":
      return joinedWhere(pieces, (previous, piece) => !previous.isMatch && piece.isMatch);
    case "MergedWithNext":
      return joinedWhere(pieces, (previous, piece) => previous.isMatch && !piece.isMatch);
  }
}

function joinedWhere(pieces: readonly Piece[], joins: (previous: Piece, piece: Piece) => boolean): Span[] {
  const spans: { from: number; to: number }[] = [];
  let previous: Piece | undefined;
  for (const piece of pieces) {
    const last = spans.at(-1);
    if (last && previous && joins(previous, piece)) last.to = piece.to;
    else spans.push({ from: piece.from, to: piece.to });
    previous = piece;
  }
  return spans;
}
