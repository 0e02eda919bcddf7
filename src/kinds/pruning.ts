import type { PruningDocument } from "../engine/document/document";
import { methodInWords } from "../format/pruning";
import { pruningTable } from "../format/result-table";
import type { FromPruningView } from "../pages/pruning";
import type { AskedOf, Parts } from "./asked";
import type { RunnableKind } from "./kind";

const asked = ({ asked, text, textSet, build }: Parts) => {
  const target = build.object({ folder: build.string(), force: build.boolean() });
  return asked.extend({
    pruning: build.object({
      /** The calibration texts: of each the first window is taken; samples of an analysis are taken as they are. */
      calibration: textSet,
      /** Per layer, where they are known from an analysis of the calibration texts. */
      densities: build.array(build.number()).readonly().optional(),
      /** The strongest share of all parameters that counts as active where densities are measured. */
      share: build.number(),
      criterion: build.enum(["magnitude", "wanda", "activation", "sparsegpt"]),
      allocation: build.enum(["uniform", "activation", "owl", "given"]),
      /** Of the allocation `given`. */
      sparsities: build.array(build.number()).readonly().optional(),
      sparsity: build.number(),
      pattern: build.object({ pruned: build.number(), of: build.number() }).optional(),
      /** On what perplexity is measured, dense and pruned. */
      evaluation: build.object({ text, windows: build.number(), even: build.boolean().optional() }).optional(),
      /** What both models continue. */
      prompt: build.string().optional(),
      /** Where the pruned model is written, and which weights went. */
      exportTo: target.optional(),
      masksTo: target.optional(),
    }),
  });
};

/** A model to be pruned. */
export type AskedPruning = AskedOf<typeof asked>;

interface PruningTypes {
  asked: AskedPruning;
  document: PruningDocument;
  figure: "sparsity";
  about: object;
  from: FromPruningView;
  more: never;
}

/** What a model loses that is pruned by what texts activate. */
export const pruningKind: RunnableKind<PruningTypes> = {
  format: "paramscope.pruning",
  page: "pruning",
  schema: async () => (await import("../engine/document/pruning")).pruningDocument,
  heading: ({ model }) => `${model.name}, pruned`,
  table: pruningTable,
  readable: pruningTable,
  async answer({ type }, { document, title }, host) {
    if (type !== "openInPreview") return false;
    if (document) await host.execute("openInPreview", document, title);
    return true;
  },
  run: {
    noun: "Pruning",
    icon: "filter",
    question: (title) => `Prune ${title}`,
    asked,
    figures: ["sparsity"],
    about: () => ({}),
    purpose: methodInWords,
  },
};
