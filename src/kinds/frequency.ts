import type { FrequencyDocument } from "../engine/document/document";
import { frequencyTable } from "../format/result-table";
import type { FromFrequencyView } from "../pages/frequency";
import type { AskedOf, Parts } from "./asked";
import type { RunnableKind } from "./kind";

const asked = (parts: Parts) => parts.asked.extend(parts.subject.shape);

/** Texts in which it is counted how often weights are active. */
export type AskedFrequency = AskedOf<typeof asked>;

interface FrequencyTypes {
  asked: AskedFrequency;
  document: FrequencyDocument;
  figure: "meanActivation";
  about: object;
  from: FromFrequencyView;
  more: never;
}

/** In how many of several texts weights are among the strongest. */
export const frequencyKind: RunnableKind<FrequencyTypes> = {
  format: "paramscope.frequency",
  page: "frequency",
  schema: async () => (await import("../engine/document/frequency")).frequencyDocument,
  heading: () => "How often weights are active",
  table: frequencyTable,
  readable: frequencyTable,
  run: {
    noun: "Frequency",
    icon: "symbol-numeric",
    question: (title) => `Count active weights in ${title}`,
    takesFewer: true,
    asked,
    figures: ["meanActivation"],
    about: () => ({}),
    purpose: ({ target }) => target,
  },
};
