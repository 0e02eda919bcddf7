import type { ShrinkDocument } from "../engine/document/document";
import { shrinkTable } from "../format/result-table";
import { removedInWords, shrinkWayInWords } from "../format/shrink";
import type { CommonRequest } from "../pages/run";
import type { Asked } from "./asked";
import type { Kind } from "./kind";

interface ShrinkTypes {
  asked: Asked;
  document: ShrinkDocument;
  figure: never;
  about: object;
  from: CommonRequest;
  more: never;
}

/** A model that lost layers, neurons, heads or experts wholly. */
export const shrinkKind: Kind<ShrinkTypes> = {
  format: "paramscope.shrink",
  page: "shrink",
  schema: async () => (await import("../engine/document/shrink")).shrinkDocument,
  heading: (document) =>
    `${document.model.name} without ${removedInWords(document)}, by ${shrinkWayInWords[document.by]}`,
  table: shrinkTable,
  readable: shrinkTable,
};
