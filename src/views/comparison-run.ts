import type { Subject } from "../editor/texts";
import type { ComparisonDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import type { NamedSet } from "../scoring/protocol";
import type { ComparedSide, ComparedSides, FromComparisonView, StreamedComparisonLayer } from "../pages/comparison";
import type { Asked, RunKind } from "./run-kind";

/** What is compared with what. */
export interface Comparing extends Asked {
  readonly a: Subject;
  readonly b: Subject;
}

export interface ComparisonTypes {
  asked: Comparing;
  document: ComparisonDocument;
  layer: StreamedComparisonLayer;
  about: ComparedSides;
  done: object;
  more: never;
  from: FromComparisonView;
}

/** @throws ParamscopeError for two saved results of different models. */
export function comparing(a: Subject, b: Subject, how: Pick<Asked, "options" | "model"> = {}): Comparing {
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

/** The run of one comparison. */
export const comparisonRun: RunKind<ComparisonTypes> = {
  format: "paramscope.comparison",
  about: ({ a, b }) => ({ a: sideOf(a), b: sideOf(b) }),
  layer: ({ layer, similarity = 0, overlap = 0 }) => ({ layer, similarity, overlap }),
  done: {},
  estimate: (scoring, { a, b }, settings, ...run) => scoring.estimate({ sets: [setOf(a), setOf(b)], settings }, ...run),
  compute: (scoring, { a, b }, settings, ...run) => scoring.compare({ a: setOf(a), b: setOf(b), settings }, ...run),
};

function setOf({ title, texts, notes, samples }: Subject): NamedSet {
  return { name: title, texts, notes, samples };
}

const LONGEST_BEGINNING = 160;

function sideOf({ title, texts, samples }: Subject): ComparedSide {
  const text = (samples ?? texts).at(0)?.text ?? "";
  return { name: title, beginning: text.trim().replace(/\s+/g, " ").slice(0, LONGEST_BEGINNING) };
}
