import { elementAt } from "../../numbers/elements";
import { byteName, CHARACTER_OF_BYTE } from "./byte-characters";
import { BytePairModel, inByteCharacters } from "./byte-pair-model";
import { PairTable } from "./pair-table";
import type { PieceModel, PieceTokens } from "./piece-model";
import { utf8Bytes } from "./utf8";

/**
 * BPE with a GGUF file's merges (`left right`, the first first), byte-level (in byte characters) or over characters. llama.cpp merges texts,
 * and looks only afterwards for their ids: where a vocabulary lacks what its merges make (one that was cut down), such texts merge as well.
 * @param isWhole whether a piece that is a token is taken whole
 */
export function ggufBytePairs(
  tokens: readonly string[],
  merges: readonly string[],
  { byteLevel, isWhole }: { readonly byteLevel: boolean; readonly isWhole: (piece: string) => boolean },
): PieceModel {
  const vocabulary = new Map(tokens.map((token, id) => [token, id]));
  const ids = new Map(vocabulary);
  /** Texts that the vocabulary has no id for, whose ids go from `tokens.length` on. */
  const idless: string[] = [];
  const idOf = (text: string): number => {
    let id = ids.get(text);
    if (id === undefined) {
      ids.set(text, (id = tokens.length + idless.length));
      idless.push(text);
    }
    return id;
  };
  if (byteLevel) CHARACTER_OF_BYTE.forEach(idOf);
  const table = new PairTable(merges.length);
  // From the last to the first: of two equal pairs the first counts, as in llama.cpp.
  for (let rank = merges.length - 1; rank >= 0; rank--) {
    const merge = elementAt(merges, rank);
    const space = merge.indexOf(" ", 1);
    if (space < 0) continue;
    const [left, right] = [merge.slice(0, space), merge.slice(space + 1)];
    table.add(idOf(left), idOf(right), rank, idOf(left + right));
  }
  const options = {
    byteLevel,
    byteFallback: !byteLevel,
    unknownId: undefined,
    fuseUnknown: false,
    ignoreMerges: false,
  };
  const merging = new BytePairModel(ids, table, options);
  // What has no id in the end comes down to its bytes, where these are tokens (`llm_tokenizer_bpe_session`).
  const bytesOf = byteLevel ? asciiIds : byteNameIds;
  const instead = idless.map((text) => bytesOf(text, vocabulary));
  const written = (piece: string): string => (byteLevel ? inByteCharacters(utf8Bytes(piece)) : piece);
  return {
    tokenize: (piece) => {
      const whole = isWhole(piece) ? vocabulary.get(written(piece)) : undefined;
      if (whole !== undefined) return { ids: [whole], starts: [0], ends: [piece.length] };
      const found = merging.tokenize(piece);
      if (idless.length === 0) return found;
      return withIds(found, (id) => (id < tokens.length ? [id] : elementAt(instead, id - tokens.length)));
    },
  };
}

const isId = (id: number | undefined): id is number => id !== undefined;

function asciiIds(text: string, vocabulary: ReadonlyMap<string, number>): number[] {
  return Array.from(text, (character) => (character < "\x80" ? vocabulary.get(character) : undefined)).filter(isId);
}

function byteNameIds(text: string, vocabulary: ReadonlyMap<string, number>): number[] {
  return Array.from(Buffer.from(text), (byte) => vocabulary.get(byteName(byte))).filter(isId);
}

function withIds(tokens: PieceTokens, idsOf: (id: number) => readonly number[]): PieceTokens {
  const ids: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i < tokens.ids.length; i++)
    for (const id of idsOf(tokens.ids[i]!)) {
      ids.push(id);
      starts.push(tokens.starts[i]!);
      ends.push(tokens.ends[i]!);
    }
  return { ids, starts, ends };
}
