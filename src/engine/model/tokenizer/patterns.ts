import { SplitPreTokenizer } from "@huggingface/tokenizers";
import { ParamscopeError } from "../../errors";
import { quoteValue } from "../formats/quote";
import type { Edit } from "./aligned-text";
import { searching } from "./time-limit";

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
    try {
      return new RegExp(pattern.String.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "gu");
    } catch (error) {
      throw unsupported(pattern.String, error);
    }
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
    throw unsupported(pattern.Regex, error);
  }
}

function unsupported(pattern: string, cause: unknown): ParamscopeError {
  return new ParamscopeError(`The tokenizer's pattern ${quoteValue(pattern)} is not supported.`, REMEDY, { cause });
}

const REMEDY = "Use another model.";

/** A stretch `[from, to)` of a text, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * All matches in the text, one by one. A pattern that only looks ahead has empty ones, and a text is cut at them as well; but right behind a
 * match, an empty one is none (`FindMatches` of the onig library, which tokenizers uses).
 * @throws ParamscopeError where the expression is too large, or too deep, to be carried out, which shows no sooner.
 */
function* eachMatch(text: string, pattern: RegExp): Generator<Span, void, void> {
  let end = -1;
  const all = text.matchAll(pattern);
  searching.since = performance.now();
  searching.found = 0;
  for (let next = nextOf(all, pattern); next !== undefined; next = nextOf(all, pattern)) {
    const { index: from, 0: match } = next;
    searching.found++;
    if (match === "" && from === end) continue;
    yield { from, to: (end = from + match.length) };
  }
  searching.since = NaN;
}

function nextOf(all: RegExpStringIterator<RegExpExecArray>, { source }: RegExp): RegExpExecArray | undefined {
  try {
    const next = all.next();
    return next.done ? undefined : next.value;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) throw unsupported(source, error);
    throw error;
  }
}

/** Where the text matches. */
export function matches(text: string, pattern: RegExp): Span[] {
  return [...eachMatch(text, pattern)];
}

/** What stands in the place of each match, one by one: there may be as many as characters. */
export function* replacements(text: string, pattern: RegExp, content: string): Generator<Edit, void, void> {
  for (const { from, to } of eachMatch(text, pattern)) yield { from, to, text: content };
}

/** What becomes of the matches that a text is cut at, by the names that tokenizer.json has. */
export type SplitBehavior = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

/**
 * Cuts a text at the matches of a pattern; `invert` takes what is between the matches for the matches. The cases are
 * those of tokenizers' `NormalizedString::split`.
 */
export function split(text: string, pattern: RegExp, behavior: SplitBehavior, invert: boolean): Span[] {
  const spans: { readonly from: number; to: number }[] = [];
  let wasMatch: boolean | undefined;
  const add = (from: number, to: number, isMatch: boolean): void => {
    const joins = wasMatch !== undefined && joinsPrevious(behavior, wasMatch, isMatch);
    const last = joins ? spans.at(-1) : undefined;
    if (last !== undefined) last.to = to;
    else if (!(isMatch && behavior === "Removed")) spans.push({ from, to });
    wasMatch = isMatch;
  };
  let end = 0;
  for (const { from, to } of eachMatch(text, pattern)) {
    if (end < from) add(end, from, invert);
    add(from, (end = to), !invert);
  }
  if (end < text.length) add(end, text.length, invert);
  return spans.filter(({ from, to }) => from < to);
}

function joinsPrevious(behavior: SplitBehavior, wasMatch: boolean, isMatch: boolean): boolean {
  switch (behavior) {
    case "Isolated":
    case "Removed":
      return false;
    case "Contiguous":
      return wasMatch === isMatch;
    case "MergedWithPrevious":
      return !wasMatch && isMatch;
    case "MergedWithNext":
      return wasMatch && !isMatch;
  }
}
