import type { ShrinkDocument } from "../engine/document/document";
import { shrinkTable } from "../format/result-table";
import { removedInWords, shrinkWayInWords } from "../format/shrink";
import type { FromShrinkView } from "../pages/shrink";
import type { AskedOf, Parts } from "./asked";
import type { RunnableKind } from "./kind";

const asked = ({ asked, text, textSet, build }: Parts) => {
  const way = build.enum(["activation", "magnitude", "perplexity", "last", "random"]);
  const amount = build.union([
    build.object({ kind: build.literal("count"), count: build.number() }),
    build.object({ kind: build.literal("share"), share: build.number() }),
  ]);
  return asked.extend({
    shrink: build.object({
      calibration: textSet,
      structure: build.enum(["layers", "neurons", "heads", "experts"]),
      amount,
      by: way,
      /** How often is measured, and where chance begins, where that is not as usual. */
      steps: build.number().optional(),
      seed: build.number().optional(),
      /** On what it is measured what that costs, and the other ways and amounts that are measured there too. */
      evaluation: text.optional(),
      compared: build.array(way).readonly().optional(),
      curve: build.array(amount).readonly().optional(),
      /** The folder and the GGUF file that are written. */
      exportTo: build.object({ folder: build.string(), force: build.boolean() }).optional(),
      ggufTo: build.object({ file: build.string(), force: build.boolean() }).optional(),
    }),
  });
};

/** A model that is to lose parts. */
export type AskedShrink = AskedOf<typeof asked>;

interface ShrinkTypes {
  asked: AskedShrink;
  document: ShrinkDocument;
  figure: never;
  about: object;
  from: FromShrinkView;
  more: never;
}

/** A model that lost layers, neurons, heads or experts wholly. */
export const shrinkKind: RunnableKind<ShrinkTypes> = {
  format: "paramscope.shrink",
  page: "shrink",
  schema: async () => (await import("../engine/document/shrink")).shrinkDocument,
  heading: (document) =>
    `${document.model.name} without ${removedInWords(document)}, by ${shrinkWayInWords[document.by]}`,
  table: shrinkTable,
  readable: shrinkTable,
  async answer(message, { document, ...shown }, host) {
    if (message.type !== "removeParts") return false;
    if (document) await host.execute("removePartsAgain", document, shown, message);
    return true;
  },
  run: {
    noun: "Structure",
    icon: "layers",
    question: (title) => `Remove parts of the model with ${title}`,
    asked,
    figures: [],
    about: () => ({}),
    purpose: (document) => `without ${removedInWords(document)}`,
  },
};
