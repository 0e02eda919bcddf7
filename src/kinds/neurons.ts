import type { NeuronsDocument } from "../engine/document/document";
import { nameOfTexts } from "../format/name-of-texts";
import { neuronsTable } from "../format/result-table";
import type { CommonRequest } from "../pages/run";
import type { Asked } from "./asked";
import type { Kind } from "./kind";

interface NeuronsTypes {
  asked: Asked;
  document: NeuronsDocument;
  figure: never;
  about: object;
  from: CommonRequest;
  more: never;
}

/** What a model loses without some of its neurons. */
export const neuronsKind: Kind<NeuronsTypes> = {
  format: "paramscope.neurons",
  page: "neurons",
  schema: async () => (await import("../engine/document/neurons")).neuronsDocument,
  heading: ({ samples }) => nameOfTexts(samples),
  table: neuronsTable,
  readable: neuronsTable,
};
