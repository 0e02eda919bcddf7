import type { Subject } from "../editor/texts";
import type { FrequencyDocument } from "../engine/document/document";
import type { FromFrequencyView, StreamedFrequencyLayer } from "../pages/frequency";
import type { Asked, RunKind } from "./run-kind";

export interface FrequencyTypes {
  asked: Subject & Asked;
  document: FrequencyDocument;
  layer: StreamedFrequencyLayer;
  about: object;
  done: object;
  more: never;
  from: FromFrequencyView;
}

/** The run that counts in how many of several texts weights are among the strongest. */
export const frequencyRun: RunKind<FrequencyTypes> = {
  format: "paramscope.frequency",
  about: () => ({}),
  layer: ({ layer, meanActivation = 0 }) => ({ layer, meanActivation }),
  done: {},
  estimate: (scoring, { texts, samples }, settings, ...run) =>
    scoring.estimate({ sets: [{ texts, samples }], frequency: true, settings }, ...run),
  compute: (scoring, { texts, notes, samples }, settings, ...run) =>
    scoring.frequency({ texts, notes, samples, settings }, ...run),
};
