import type { BitsDocument } from "../engine/document/document";
import { choiceInWords, formatBits } from "../format/bits";
import { bitsTable } from "../format/result-table";
import type { CommonRequest } from "../pages/run";
import type { Asked } from "./asked";
import type { Kind } from "./kind";

interface BitsTypes {
  asked: Asked;
  document: BitsDocument;
  figure: never;
  about: object;
  from: CommonRequest;
  more: never;
}

/** One format for each matrix of a model, within a size. */
export const bitsKind: Kind<BitsTypes> = {
  format: "paramscope.bits",
  page: "bits",
  schema: async () => (await import("../engine/document/bits")).bitsDocument,
  heading: ({ model, size, by, mixture }) =>
    `${model.name} at ${formatBits(size.bitsPerWeight)} bits, by ${choiceInWords({ by, mixture })}`,
  table: bitsTable,
  readable: bitsTable,
};
