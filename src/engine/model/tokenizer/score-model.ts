import { byteName } from "./byte-characters";
import { mergeSymbols, Symbols, type MergeTable } from "./merge-symbols";
import type { PieceModel, PieceTokens } from "./piece-model";
import { utf8Bytes } from "./utf8";

/**
 * SentencePiece's BPE from a GGUF file: there are no merges, any two neighbours whose joined text is a token merge, the
 * highest score first (llama.cpp's `llm_tokenizer_spm_session`). Characters that are no token become bytes.
 */
export class ScoreModel implements PieceModel, MergeTable {
  readonly #ids: ReadonlyMap<string, number>;
  /** The rank of each token's score among all, highest first; equal scores have equal ranks. */
  readonly #ranks: Int32Array;
  readonly #longest: number;
  readonly #byteIds: Int32Array;
  readonly #symbols = new Symbols();

  constructor(tokens: readonly string[], scores: ArrayLike<number>, unknownId: number | undefined) {
    const ids = new Map<string, number>();
    let longest = 0;
    for (const [id, token] of tokens.entries()) {
      ids.set(token, id);
      if (token.length > longest) longest = token.length;
    }
    this.#ids = ids;
    this.#longest = longest;
    const descending = Float32Array.from(scores).sort().reverse();
    const rankOfScore = new Map<number, number>();
    for (const score of descending) if (!rankOfScore.has(score)) rankOfScore.set(score, rankOfScore.size);
    this.#ranks = Int32Array.from(tokens, (_, id) => rankOfScore.get(Math.fround(scores[id] ?? NaN)) ?? -1);
    this.#byteIds = Int32Array.from(
      { length: 256 },
      (_, byte) => ids.get(byteName(byte)) ?? ids.get(String.fromCharCode(byte)) ?? unknownId ?? -1,
    );
  }

  rank(symbols: Symbols, left: number, right: number): number {
    const start = symbols.starts[left]!;
    const end = symbols.ends[right]!;
    if (end - start > this.#longest) return -1;
    const id = this.#ids.get(symbols.text.slice(start, end));
    return id === undefined ? -1 : this.#ranks[id]!;
  }

  merged(_rank: number, symbols: Symbols, left: number, right: number): number {
    return this.#ids.get(symbols.text.slice(symbols.starts[left], symbols.ends[right])) ?? -1;
  }

  tokenize(piece: string): PieceTokens {
    const symbols = this.#symbols;
    symbols.clear(piece);
    let at = 0;
    for (const character of piece) {
      symbols.push(this.#ids.get(character) ?? -1, at, at + character.length);
      at += character.length;
    }
    mergeSymbols(symbols, this);
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    for (let i = 0; i < symbols.count; i++) {
      const start = symbols.starts[i]!;
      const end = symbols.ends[i]!;
      const id = symbols.ids[i]!;
      const { bytes, length } = id < 0 ? utf8Bytes(piece.slice(start, end)) : NO_BYTES;
      for (let j = 0; j < Math.max(1, length); j++) {
        const one = id < 0 ? this.#byteIds[bytes[j]!]! : id;
        if (one < 0) continue;
        ids.push(one);
        starts.push(start);
        ends.push(end);
      }
    }
    return { ids, starts, ends };
  }
}

const NO_BYTES = { bytes: new Uint8Array(0), length: 0 };
