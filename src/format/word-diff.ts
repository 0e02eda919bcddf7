import { type ChangeObject, diffArrays } from "diff";
import type { SampleDescription } from "../engine/document/document";
import { quoted } from "./model-words";
import { formatCount } from "./numbers";

/** A half-open stretch of a text, in UTF-16 units. */
export type Stretch = readonly [from: number, to: number];

/** What of a text another one has not in that place. */
export interface Changed {
  readonly stretches: readonly Stretch[];
  /** How many of its words these hold, of how many. */
  readonly words: number;
  readonly of: number;
}

/** How many words may be taken out and put in: of texts with more of that in common is nothing that a reader could follow. */
const MOST_EDITS = 2000;

/** Word for word what two texts have each for itself; undefined where they have too little in common to be laid beside each other. */
export function wordDiff(a: string, b: string): { readonly a: Changed; readonly b: Changed } | undefined {
  const [ofA, ofB] = [piecesOf(a), piecesOf(b)];
  const parts = diffArrays(textsOf(ofA), textsOf(ofB), { maxEditLength: MOST_EDITS });
  if (parts === undefined) return undefined;
  type Is = (part: ChangeObject<string[]>) => boolean;
  const changed = (pieces: readonly Piece[], isOwn: Is, isOthers: Is): Changed => {
    let at = 0;
    const own = parts.flatMap((part) => {
      if (isOthers(part)) return [];
      const from = at;
      at += part.value.length;
      return isOwn(part) ? [pieces.slice(from, at)] : [];
    });
    return {
      stretches: own.flatMap((run) => {
        const [first, last] = [run.at(0), run.at(-1)];
        return first && last ? [[first.from, last.from + last.text.length] as const] : [];
      }),
      words: wordsIn(own.flat()),
      of: wordsIn(pieces),
    };
  };
  const diff = {
    a: changed(
      ofA,
      ({ removed }) => removed,
      ({ added }) => added,
    ),
    b: changed(
      ofB,
      ({ added }) => added,
      ({ removed }) => removed,
    ),
  };
  return isMostlyChanged(diff.a) && isMostlyChanged(diff.b) ? undefined : diff;
}

/** What two texts about different things have in common are words like "the". */
const MOST_CHANGED = 0.75;

function isMostlyChanged({ words, of }: Changed): boolean {
  return words > MOST_CHANGED * of;
}

/** A word, or what stands between two. */
interface Piece {
  readonly text: string;
  readonly from: number;
  readonly isWord: boolean;
}

const words = new Intl.Segmenter("en", { granularity: "word" });

function piecesOf(text: string): Piece[] {
  return Array.from(words.segment(text), ({ segment, index, isWordLike }) => ({
    text: segment,
    from: index,
    isWord: isWordLike === true,
  }));
}

const textsOf = (pieces: readonly Piece[]): string[] => pieces.map(({ text }) => text);

const wordsIn = (pieces: readonly Piece[]): number => pieces.filter(({ isWord }) => isWord).length;

/** How much of two texts is marked as each one's own: `Framed is what the other has not there: 1 of 9 words of A, 2 of 10 of B.` */
export function wordsFinding(diff: { readonly a: Changed; readonly b: Changed } | undefined): string {
  if (diff === undefined) return "The two have too little in common to be laid beside each other word for word.";
  const { a, b } = diff;
  if (a.stretches.length === 0 && b.stretches.length === 0) return "Both are the same, letter for letter.";
  if (a.words === 0 && b.words === 0) return "Both have the same words; what is framed between them differs.";
  const counted = ({ words, of }: Changed): string => `${formatCount(words)} of ${formatCount(of)}`;
  return `Framed is what the other has not in that place: ${counted(a)} words of A, ${counted(b)} of B.`;
}

/** From which token on two texts are not the same: `The first 9 tokens are the same; then A has " haiku" and B " limerick".` */
export function partingFinding(a: Pick<SampleDescription, "tokens">, b: Pick<SampleDescription, "tokens">): string {
  const same = a.tokens.findIndex(({ id }, i) => id !== b.tokens.at(i)?.id);
  const count = same < 0 ? a.tokens.length : same;
  const [ofA, ofB] = [a.tokens.at(count), b.tokens.at(count)];
  if (ofA === undefined && ofB === undefined) return "Every token is the same.";
  const before =
    count === 0
      ? "They part from the first token on"
      : `The first ${count === 1 ? "token is" : `${formatCount(count)} tokens are`} the same`;
  if (ofA === undefined) return `${before}; then A ends, and B goes on with ${quoted(ofB?.text ?? "")}.`;
  if (ofB === undefined) return `${before}; then B ends, and A goes on with ${quoted(ofA.text)}.`;
  return count === 0
    ? `${before}: A has ${quoted(ofA.text)}, B ${quoted(ofB.text)}.`
    : `${before}; then A has ${quoted(ofA.text)} and B ${quoted(ofB.text)}.`;
}
