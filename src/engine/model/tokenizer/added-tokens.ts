import { AlignedText } from "./aligned-text";
import type { Normalizer } from "./normalizers";

/** A token that is found in the text before anything else: `<|endoftext|>`. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Shown as it is, and left out of texts. */
  readonly special: boolean;
  /** Not inside a word. */
  readonly singleWord: boolean;
  /** Takes the white space before it. */
  readonly leftStrip: boolean;
  /** Takes the white space after it. */
  readonly rightStrip: boolean;
  /** Is looked for in the normalized text. */
  readonly normalized: boolean;
}

/** A stretch of text, or an added token and where it stands. */
export type Section = AlignedText | { readonly token: AddedToken; readonly start: number; readonly end: number };

interface Node {
  readonly next: Map<number, Node>;
  token?: AddedToken;
}

const WORD_AT_END = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u;
const WORD_AT_START = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;
const WHITE_SPACE = /\p{White_Space}/u;

/** Finds added tokens as tokenizers' `AddedVocabulary` does: leftmost, of those the longest. */
export class AddedTokens {
  private readonly plain: Node | undefined;
  private readonly normalized: Node | undefined;

  constructor(
    tokens: readonly AddedToken[],
    private readonly normalizer: Normalizer | undefined,
  ) {
    const isNormalized = (token: AddedToken): boolean => token.normalized && normalizer !== undefined;
    this.plain = trieOf(
      tokens.filter((token) => !isNormalized(token)),
      (content) => content,
    );
    this.normalized = trieOf(
      tokens.filter(isNormalized),
      (content) => normalizer?.(new AlignedText(content)).text ?? content,
    );
  }

  /** The added tokens of a text, and the text between them, normalized. */
  *sections(text: AlignedText): Generator<Section> {
    for (const section of find(text, this.plain)) {
      if (!(section instanceof AlignedText)) yield section;
      else yield* find(this.normalizer?.(section) ?? section, this.normalized);
    }
  }
}

function trieOf(tokens: readonly AddedToken[], key: (content: string) => string): Node | undefined {
  const root: Node = { next: new Map() };
  for (const token of tokens) {
    let node = root;
    const content = key(token.content);
    for (let i = 0; i < content.length; i++) {
      const unit = content.charCodeAt(i);
      let child = node.next.get(unit);
      if (!child) node.next.set(unit, (child = { next: new Map() }));
      node = child;
    }
    if (node !== root) node.token ??= token;
  }
  return root.next.size > 0 ? root : undefined;
}

function* find(whole: AlignedText, trie: Node | undefined): Generator<Section> {
  const { text } = whole;
  let done = 0;
  for (let at = 0; trie && at < text.length; at++) {
    let token: AddedToken | undefined;
    let end = at;
    let node: Node | undefined = trie;
    for (let i = at; node; i++) {
      if (node.token) {
        token = node.token;
        end = i;
      }
      node = i < text.length ? node.next.get(text.charCodeAt(i)) : undefined;
    }
    if (!token) continue;
    let start = at;
    // The search goes on behind what was found, taken or not, even where its white space reaches further: in "    " the
    // token "  " that takes the white space after it is there twice (so do tokenizers, and ids have to be theirs).
    at = end - 1;
    if (token.singleWord && isInsideWord(text, start, end)) continue;
    if (token.leftStrip) {
      while (start > 0 && WHITE_SPACE.test(text[start - 1])) start--;
      start = Math.max(start, done);
    }
    if (token.rightStrip) while (end < text.length && WHITE_SPACE.test(text[end])) end++;
    if (start > done) yield whole.slice(done, start);
    yield { token, start: whole.startOf(start), end: whole.endOf(end - 1) };
    done = end;
  }
  if (done < text.length) yield whole.slice(done, text.length);
}

function isInsideWord(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 2), start);
  const after = text.slice(end, end + 2);
  return WORD_AT_END.test(before) || WORD_AT_START.test(after);
}
