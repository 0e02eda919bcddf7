import { Unigram } from "@huggingface/tokenizers";
import { elementAt } from "../../numbers/elements";
import { byteName } from "./byte-characters";
import type { PieceModel, PieceTokens } from "./piece-model";
import { utf8Bytes } from "./utf8";

type Config = Readonly<Record<string, unknown>>;

/** The most likely segmentation, found by `@huggingface/tokenizers`; unknown stretches are one token, or bytes. */
export class UnigramModel implements PieceModel {
  readonly #model: { tokenize(text: string): string[] };
  readonly #byteIds: number[] | undefined;
  readonly #unknownId: number;
  readonly #vocabulary: ReadonlyMap<string, number>;

  constructor(config: Config, vocabulary: ReadonlyMap<string, number>) {
    this.#vocabulary = vocabulary;
    this.#model = new Unigram(config as never, "");
    const ids = Array.from({ length: 256 }, (_, byte) => vocabulary.get(byteName(byte)));
    if (config.byte_fallback === true && ids.every((id) => id !== undefined)) this.#byteIds = ids;
    this.#unknownId = Number(config.unk_id ?? 0);
  }

  tokenize(piece: string): PieceTokens {
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    let at = 0;
    let lastUnknown = false;
    for (const part of this.#model.tokenize(piece)) {
      const end = at + part.length;
      const id = this.#vocabulary.get(part);
      if (id === undefined && this.#byteIds) {
        const { bytes, length } = utf8Bytes(part);
        for (const byte of bytes.subarray(0, length)) {
          ids.push(elementAt(this.#byteIds, byte));
          starts.push(at);
          ends.push(end);
        }
      } else if (id === undefined && lastUnknown) {
        ends[ends.length - 1] = end;
      } else {
        ids.push(id ?? this.#unknownId);
        starts.push(at);
        ends.push(end);
      }
      lastUnknown = id === undefined;
      at = end;
    }
    return { ids, starts, ends };
  }
}
