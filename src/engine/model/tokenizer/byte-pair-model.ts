import { elementAt } from "../../numbers/elements";
import { CHARACTER_OF_BYTE, byteName } from "./byte-characters";
import { mergeSymbols, Symbols, type MergeTable } from "./merge-symbols";
import type { PieceModel, PieceTokens } from "./piece-model";
import { utf8Bytes, type Utf8 } from "./utf8";

/** How a byte pair encoding takes pieces of text, and what it does with unknown characters. */
export interface BytePairOptions {
  /** The vocabulary is written in byte characters, and pieces are taken as UTF-8 bytes. */
  readonly byteLevel: boolean;
  /** A piece that is in the vocabulary is one token, whatever the merges say. */
  readonly ignoreMerges: boolean;
  /** A character that is not in the vocabulary becomes its bytes `<0xE2>`, where all of them are. */
  readonly byteFallback: boolean;
  /** What a character that is neither in the vocabulary nor bytes becomes; undefined: it is left out. */
  readonly unknownId: number | undefined;
  /** Neighbouring unknown characters become one token. */
  readonly fuseUnknown: boolean;
}

/** Byte pair encoding, as tokenizers' `BPE` does it. */
export class BytePairModel implements PieceModel {
  readonly #symbols = new Symbols();
  /** Ids of the 256 bytes, written as the vocabulary writes them; −1 where it lacks one. */
  readonly #byteIds: Int32Array;
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #table: MergeTable;
  readonly #options: BytePairOptions;

  constructor(vocabulary: ReadonlyMap<string, number>, table: MergeTable, options: BytePairOptions) {
    this.#vocabulary = vocabulary;
    this.#table = table;
    this.#options = options;
    const write = options.byteLevel ? (byte: number) => elementAt(CHARACTER_OF_BYTE, byte) : byteName;
    this.#byteIds = Int32Array.from({ length: 256 }, (_, byte) => vocabulary.get(write(byte)) ?? -1);
  }

  tokenize(piece: string): PieceTokens {
    const symbols = this.#symbols;
    const options = this.#options;
    symbols.clear(piece);
    const utf8 = options.byteLevel ? utf8Bytes(piece) : undefined;
    if (options.ignoreMerges) {
      const id = this.#vocabulary.get(utf8 ? inByteCharacters(utf8) : piece);
      if (id !== undefined) return { ids: [id], starts: [0], ends: [piece.length] };
    }
    if (utf8) this.#pushBytes(utf8);
    else this.#pushCharacters(piece);
    mergeSymbols(symbols, this.#table);
    const { count, ids, starts, ends } = symbols;
    const tokens = { ids: ids.slice(0, count), starts: starts.slice(0, count), ends: ends.slice(0, count) };
    if (utf8 && utf8.length > piece.length) {
      // A token of some bytes of a character stands for all of it.
      for (let i = 0; i < count; i++) {
        tokens.starts[i] = utf8.unitStarts[tokens.starts[i]!]!;
        tokens.ends[i] = utf8.unitEnds[tokens.ends[i]! - 1]!;
      }
    }
    return tokens;
  }

  #pushBytes(utf8: Utf8): void {
    for (let i = 0; i < utf8.length; i++) {
      const id = this.#byteIds[utf8.bytes[i]!]!;
      if (id >= 0) this.#symbols.push(id, i, i + 1);
      else if (this.#options.unknownId !== undefined) this.#symbols.push(this.#options.unknownId, i, i + 1);
    }
  }

  #pushCharacters(piece: string): void {
    const symbols = this.#symbols;
    const options = this.#options;
    let lastUnknown = false;
    let at = 0;
    for (const character of piece) {
      const end = at + character.length;
      const id = this.#vocabulary.get(character);
      if (id !== undefined) {
        symbols.push(id, at, end);
        lastUnknown = false;
      } else if (options.byteFallback && this.#pushFallback(character, at, end)) {
        lastUnknown = false;
      } else if (options.unknownId !== undefined) {
        if (lastUnknown && options.fuseUnknown) symbols.ends[symbols.count - 1] = end;
        else symbols.push(options.unknownId, at, end);
        lastUnknown = true;
      }
      at = end;
    }
  }

  #pushFallback(character: string, start: number, end: number): boolean {
    const { bytes, length } = utf8Bytes(character);
    for (let i = 0; i < length; i++) if (this.#byteIds[bytes[i]!]! < 0) return false;
    for (let i = 0; i < length; i++) this.#symbols.push(this.#byteIds[bytes[i]!]!, start, end);
    return true;
  }
}

/** A text as byte-level vocabularies write it. */
export function inByteCharacters({ bytes, length }: Utf8): string {
  let text = "";
  for (let i = 0; i < length; i++) text += CHARACTER_OF_BYTE[bytes[i]!]!;
  return text;
}
