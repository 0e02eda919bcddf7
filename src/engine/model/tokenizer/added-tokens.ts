import { AlignedText } from "./aligned-text";
import type { Normalizer } from "./normalizers";

/** A token that is found in the text before anything else: `<|endoftext|>`. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Shown as it is, and left out of texts. */
  readonly special: boolean;
  /** Whether the token counts only where it is not inside a word. */
  readonly singleWord: boolean;
  /** Takes the white space before it. */
  readonly leftStrip: boolean;
  /** Takes the white space after it. */
  readonly rightStrip: boolean;
  /** Is looked for in the normalized text. */
  readonly normalized: boolean;
}

/** A stretch of text, or an added token and where it stands. */
export type Section =
  AlignedText | { readonly token: { readonly id: number }; readonly start: number; readonly end: number };

/** Finds the tokens that are looked for before anything else. */
export interface TokenFinder {
  /** The added tokens of a text, and what is between them. */
  sections(text: AlignedText): Iterable<Section>;
}

interface Node<Value> {
  readonly next: Map<number, Node<Value>>;
  value?: Value;
}

/** Which of many words begin at a place of a text, found in one walk. */
export class CharacterTrie<Value> {
  readonly #root: Node<Value> = { next: new Map() };

  /** Takes words in: of two equal ones the first counts, empty ones are left out. */
  constructor(words: Iterable<readonly [word: string, value: Value]>) {
    for (const [word, value] of words) {
      let node = this.#root;
      for (let i = 0; i < word.length; i++) {
        const unit = word.charCodeAt(i);
        let child = node.next.get(unit);
        if (!child) node.next.set(unit, (child = { next: new Map() }));
        node = child;
      }
      if (node !== this.#root) node.value ??= value;
    }
  }

  get isEmpty(): boolean {
    return this.#root.next.size === 0;
  }

  /** Visits the words that begin at `from`, the shortest first, with where each ends. */
  eachPrefixAt(text: string, from: number, visit: (to: number, value: Value) => void): void {
    let node = this.#root.next.get(text.charCodeAt(from));
    for (let to = from + 1; node; to++) {
      if (node.value !== undefined) visit(to, node.value);
      node = to < text.length ? node.next.get(text.charCodeAt(to)) : undefined;
    }
  }

  /** The longest word that begins at `from`, and where it ends. */
  longestAt(text: string, from: number): { readonly to: number; readonly value: Value } | undefined {
    let longest: { readonly to: number; readonly value: Value } | undefined;
    this.eachPrefixAt(text, from, (to, value) => (longest = { to, value }));
    return longest;
  }
}

const WORD_AT_END = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u;
const WORD_AT_START = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;
const WHITE_SPACE = /\p{White_Space}/u;

/** Finds added tokens as tokenizers' `AddedVocabulary` does: leftmost, of those the longest. */
export class AddedTokens implements TokenFinder {
  readonly #plain: CharacterTrie<AddedToken>;
  readonly #normalized: CharacterTrie<AddedToken>;
  readonly #normalizer: Normalizer | undefined;

  constructor(tokens: readonly AddedToken[], normalizer: Normalizer | undefined) {
    this.#normalizer = normalizer;
    const isPlain = (token: AddedToken): boolean => !token.normalized || normalizer === undefined;
    this.#plain = new CharacterTrie(tokens.filter(isPlain).map((token) => [token.content, token]));
    this.#normalized = new CharacterTrie(
      tokens
        .filter((token) => !isPlain(token))
        .map((token) => [normalizer?.(new AlignedText(token.content)).text ?? token.content, token]),
    );
  }

  /** The added tokens of a text, and the text between them, normalized. */
  *sections(text: AlignedText): Generator<Section> {
    for (const section of find(text, this.#plain)) {
      if (!(section instanceof AlignedText)) yield section;
      else yield* find(this.#normalizer?.(section) ?? section, this.#normalized);
    }
  }
}

function* find(whole: AlignedText, trie: CharacterTrie<AddedToken>): Generator<Section> {
  const { text } = whole;
  let done = 0;
  for (let at = 0; !trie.isEmpty && at < text.length; at++) {
    const longest = trie.longestAt(text, at);
    if (longest === undefined) continue;
    const { value: token } = longest;
    let end = longest.to;
    let start = at;
    // The search goes on behind what was found, taken or not, even where its white space reaches further: in "    " the
    // token "  " that takes the white space after it is there twice (so do tokenizers, and ids have to be theirs).
    at = end - 1;
    if (token.singleWord && isInsideWord(text, start, end)) continue;
    if (token.leftStrip) {
      while (start > 0 && WHITE_SPACE.test(text.charAt(start - 1))) start--;
      start = Math.max(start, done);
    }
    if (token.rightStrip) while (end < text.length && WHITE_SPACE.test(text.charAt(end))) end++;
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
