/** Tokens of a piece of text: ids, and for each the UTF-16 units of the piece that it stands for. */
export interface PieceTokens {
  readonly ids: ArrayLike<number>;
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
}

/** The last step of a tokenizer: a piece of text becomes tokens. */
export interface PieceModel {
  tokenize(piece: string): PieceTokens;
}

/** Words come again and again: their tokens are kept. */
export class CachedModel implements PieceModel {
  readonly #cache = new Map<string, PieceTokens>();
  readonly #model: PieceModel;

  constructor(model: PieceModel) {
    this.#model = model;
  }

  tokenize(piece: string): PieceTokens {
    if (piece.length > MAX_CACHED_LENGTH) return this.#model.tokenize(piece);
    let tokens = this.#cache.get(piece);
    if (!tokens) {
      if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
      this.#cache.set(piece, (tokens = this.#model.tokenize(piece)));
    }
    return tokens;
  }
}

const MAX_CACHED = 20_000;
const MAX_CACHED_LENGTH = 64;
