import { elementAt } from "../../numbers/elements";
import { CHARACTER_OF_BYTE } from "./byte-characters";
import { BytePairModel, inByteCharacters } from "./byte-pair-model";
import { PairTable } from "./pair-table";
import type { PieceModel, PieceTokens } from "./piece-model";
import { utf8Bytes } from "./utf8";

/**
 * Byte-level BPE with a GGUF file's merges (`left right`, in byte characters, the first first). llama.cpp merges texts, and looks only
 * afterwards for their ids: where a vocabulary lacks what its merges make (one that was cut down), such texts merge as well.
 */
export function ggufBytePairs(tokens: readonly string[], merges: readonly string[], ignoreMerges: boolean): PieceModel {
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
  CHARACTER_OF_BYTE.forEach(idOf);
  const table = new PairTable(merges.length);
  // From the last to the first: of two equal pairs the first counts, as in llama.cpp.
  for (let rank = merges.length - 1; rank >= 0; rank--) {
    const merge = elementAt(merges, rank);
    const space = merge.indexOf(" ", 1);
    if (space < 0) continue;
    const [left, right] = [merge.slice(0, space), merge.slice(space + 1)];
    table.add(idOf(left), idOf(right), rank, idOf(left + right));
  }
  const options = { byteLevel: true, byteFallback: false, unknownId: undefined, fuseUnknown: false };
  if (idless.length === 0) return new BytePairModel(vocabulary, table, { ...options, ignoreMerges });
  const merging = new BytePairModel(ids, table, { ...options, ignoreMerges: false });
  // What has no id in the end comes down to its ASCII characters, where these are tokens (`llm_tokenizer_bpe_session`).
  const instead = idless.map((text) => Array.from(text, (character) => asciiId(character, vocabulary)).filter(isId));
  return {
    tokenize: (piece) => {
      const whole = ignoreMerges ? vocabulary.get(inByteCharacters(utf8Bytes(piece))) : undefined;
      if (whole !== undefined) return { ids: [whole], starts: [0], ends: [piece.length] };
      return withIds(merging.tokenize(piece), (id) =>
        id < tokens.length ? [id] : elementAt(instead, id - tokens.length),
      );
    },
  };
}

const isId = (id: number | undefined): id is number => id !== undefined;

function asciiId(character: string, vocabulary: ReadonlyMap<string, number>): number | undefined {
  return character < "\x80" ? vocabulary.get(character) : undefined;
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
