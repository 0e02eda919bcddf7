import type { ComparisonDocument } from "../engine/document/document";
import { swapSides } from "../engine/document/swap-sides";
import { ParamscopeError } from "../engine/errors";
import { elementAt } from "../engine/numbers/elements";
import { withoutTemplate } from "../format/comparison";
import { comparisonTable } from "../format/result-table";
import type { ComparedSide, ComparedSides, FromComparisonView } from "../pages/comparison";
import type { AskedOf, Origin, Parts, PromptSource, Subject } from "./asked";
import type { RunnableKind } from "./kind";
import { type AskedPatching, patchingKind } from "./patching";

const asked = (parts: Parts) =>
  parts.asked.extend({
    a: parts.subject,
    b: parts.subject,
    /** What stands around each text, with `{text}` in its place; null: nothing; undefined: what fits. */
    template: parts.build.string().nullable().optional(),
  });

/** What is compared with what. */
export type AskedComparison = AskedOf<typeof asked>;

interface ComparisonTypes {
  asked: AskedComparison;
  document: ComparisonDocument;
  figure: "similarity" | "overlap";
  about: ComparedSides;
  from: FromComparisonView;
  more: never;
}

/** Whether two texts activate the same parameters. */
export const comparisonKind: RunnableKind<ComparisonTypes> = {
  format: "paramscope.comparison",
  version: 3,
  page: "comparison",
  schema: async () => (await import("../engine/document/comparison")).comparisonDocument,
  heading: ({ a, b }) => `${a.name} and ${b.name}`,
  table: comparisonTable,
  readable: comparisonTable,
  choice(message) {
    if (message.type !== "chooseSides") return undefined;
    const { swapped } = message;
    return { apply: (document) => (swapped ? swapSides(document) : document), turnsView: swapped };
  },
  samples: (document, message) => (message.type === "reveal" ? document[message.side].samples : []),
  async answer(message, { document, origins }, host) {
    switch (message.type) {
      case "patch":
        if (document) await host.run(patchingKind, patchingOf(document, message, origins));
        return true;
      case "compareResults":
        await host.execute("compareResults");
        return true;
      default:
        return false;
    }
  },
  run: {
    noun: "Comparison",
    icon: "diff",
    question: (title) => `Compare ${title}`,
    asked,
    figures: ["similarity", "overlap"],
    about: ({ a, b }) => ({ a: sideOf(a), b: sideOf(b) }),
    purpose: ({ target }) => target,
  },
};

/**
 * What is asked for to compare two texts, or saved results.
 * @throws ParamscopeError for two saved results of different models.
 */
export function comparing(
  a: Subject,
  b: Subject,
  how: Pick<AskedComparison, "options" | "model" | "template"> = {},
): AskedComparison {
  if (a.model && b.model && a.model.hash !== b.model.hash)
    throw new ParamscopeError(
      a.model.name === b.model.name
        ? `${a.title} and ${b.title} were made with two models that are not the same, both called ${a.model.name}`
        : `${a.title} was made with the model ${a.model.name}, ${b.title} with ${b.model.name}`,
      "Compare two results of one model, or the texts themselves.",
    );
  const model = a.model ?? b.model;
  return { model, ...how, title: `${a.title} and ${b.title}`, origins: [...a.origins, ...b.origins], a, b };
}

/** What is asked for to patch a sample of A into one of B: id for id, or as texts where a template stood around them, behind which both go on alike. */
function patchingOf(
  { a, b, model, template }: ComparisonDocument,
  chosen: Record<"a" | "b", number>,
  origins: readonly Origin[],
): AskedPatching {
  const promptOf = (side: ComparisonDocument["a"], at: number): PromptSource => {
    const { source, text, tokens, answer } = elementAt(side.samples, at);
    if (typeof template === "string") return { source, text: withoutTemplate(text, template) };
    return { source, text, tokens: tokens.slice(0, tokens.length - (answer?.tokens ?? 0)) };
  };
  const title = `${a.name} into ${b.name}`;
  return { title, origins: [...origins], a: promptOf(a, chosen.a), b: promptOf(b, chosen.b), site: "residual", model };
}

const LONGEST_BEGINNING = 160;

function sideOf({ title, texts, samples }: Subject): ComparedSide {
  const text = (samples ?? texts).at(0)?.text ?? "";
  return { name: title, beginning: text.trim().replace(/\s+/g, " ").slice(0, LONGEST_BEGINNING) };
}
