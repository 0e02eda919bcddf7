import type { PairsDocument } from "../engine/document/document";
import { pairsTable } from "../format/result-table";
import type { FromPairsView } from "../pages/pairs";
import { elementAt } from "../engine/numbers/elements";
import { defaults } from "../engine/run/defaults";
import type { AskedOf, Parts, Subject } from "./asked";
import { type AskedComparison, comparing, comparisonKind } from "./comparison";
import type { RunnableKind } from "./kind";

const asked = ({ asked, notes, build }: Parts) =>
  asked.extend({
    pairs: build.array(build.object({ a: build.string(), b: build.string(), score: build.number() })).readonly(),
    /** How the user knows where they come from. */
    source: build.string(),
    /** What stands around each sentence, with `{text}` in its place. */
    template: build.string().optional(),
    /** What was left out before. */
    notes,
  });

/** A table of pairs to be run. */
export type AskedPairs = AskedOf<typeof asked>;

interface PairsTypes {
  asked: AskedPairs;
  document: PairsDocument;
  figure: "spearman";
  about: object;
  from: FromPairsView;
  more: never;
}

/** Whether activations follow what people say of sentence pairs. */
export const pairsKind: RunnableKind<PairsTypes> = {
  format: "paramscope.pairs",
  page: "pairs",
  schema: async () => (await import("../engine/document/pairs")).pairsDocument,
  heading: ({ source }) => source,
  table: pairsTable,
  readable: pairsTable,
  async answer(message, { document }, host) {
    if (message.type !== "compare") return false;
    if (document) await host.run(comparisonKind, pairComparison(document, message.pair));
    return true;
  },
  run: {
    noun: "Sentence pairs",
    icon: "graph-scatter",
    question: (title) => `Compare the pairs of ${title}`,
    asked,
    figures: ["spearman"],
    about: () => ({}),
    purpose: ({ target }) => target,
  },
};

/** The two sentences of a pair as they were run: within the template, with the pairs' own model and target. */
function pairComparison(
  { source, pairs, template, model, target, run }: PairsDocument,
  index: number,
): AskedComparison {
  const pair = elementAt(pairs, index);
  const side = (letter: "A" | "B", sentence: string): Subject => {
    const title = `Pair ${index + 1} ${letter}`;
    return { title, texts: [{ source: `${source}: ${title}`, text: sentence }], notes: [], origins: [] };
  };
  const options = {
    target,
    threshold: { mode: "share", share: defaults.share },
    window: run.window ?? defaults.window,
    chat: run.chat ?? defaults.chat,
  } as const;
  return comparing(side("A", pair.a), side("B", pair.b), { model, options, template });
}
