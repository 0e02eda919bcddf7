import type { ModelsDocument } from "../engine/document/document";
import { modelsTable } from "../format/result-table";
import type { CommonRequest } from "../pages/run";
import type { Asked } from "./asked";
import type { Kind } from "./kind";

interface ModelsTypes {
  asked: Asked;
  document: ModelsDocument;
  figure: never;
  about: object;
  from: CommonRequest;
  more: never;
}

/** What of a model was changed, and what of that texts use. */
export const modelsKind: Kind<ModelsTypes> = {
  format: "paramscope.models",
  page: "models",
  schema: async () => (await import("../engine/document/models")).modelsDocument,
  heading: ({ model, modelB }) => `${model.name} and ${modelB.name}`,
  table: modelsTable,
  readable: modelsTable,
};
