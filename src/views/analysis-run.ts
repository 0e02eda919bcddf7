import type { Subject } from "../editor/texts";
import type { AnalysisDocument } from "../engine/document/document";
import { textNotes } from "../engine/document/restore";
import type { FromAnalysisView, ProfileState, StreamedLayer } from "../pages/analysis";
import type { Asked, RunKind } from "./run-kind";

/** A text, or several as one set. */
export type Analyzing = Subject & Asked;

export interface AnalysisTypes {
  asked: Analyzing;
  document: AnalysisDocument;
  layer: StreamedLayer;
  about: object;
  done: { readonly decorated: boolean };
  more: { readonly type: "profile"; readonly profile: ProfileState };
  from: FromAnalysisView;
}

/** The run of one analysis. */
export const analysisRun: RunKind<AnalysisTypes> = {
  format: "paramscope.analysis",
  about: () => ({}),
  layer: ({ layer, parameters, meanActivation = 0 }) => ({ layer, parameters, meanActivation }),
  done: { decorated: false },
  estimate: (scoring, { texts, firstWindows, samples }, settings, ...run) =>
    scoring.estimate({ sets: [{ texts, firstWindows, samples }], settings }, ...run),
  compute: (scoring, { texts, notes, firstWindows, samples }, settings, ...run) =>
    scoring.analyze({ texts, notes, firstWindows, samples, settings }, ...run),
  // Ids belong to the model that they were made for.
  askedOf: ({ model, run, samples }, of) => ({ ...of, texts: [], notes: textNotes(run), samples, model }),
  again: (asked, { options }) => ({ ...asked, options }),
};
