import type { PairsDocument } from "../engine/document/document";
import type { PairsParams } from "../scoring/protocol";
import type { FromPairsView, StreamedRho } from "../pages/pairs";
import type { Asked, RunKind } from "./run-kind";

/** A table of pairs to be run. */
export type AskedPairs = Asked & Omit<PairsParams, "run" | "settings">;

export interface PairsTypes {
  asked: AskedPairs;
  document: PairsDocument;
  layer: StreamedRho;
  about: object;
  done: object;
  more: never;
  from: FromPairsView;
}

/** The run of a table of sentence pairs. */
export const pairsRun: RunKind<PairsTypes> = {
  format: "paramscope.pairs",
  about: () => ({}),
  layer: ({ layer, spearman = 0 }) => ({ layer, rho: spearman }),
  done: {},
  estimate: (scoring, { pairs, source, template, notes }, settings, ...run) =>
    scoring.estimate({ pairs: { pairs, source, template, notes }, settings }, ...run),
  compute: (scoring, { pairs, source, template, notes }, settings, ...run) =>
    scoring.pairs({ pairs, source, template, notes, settings }, ...run),
};
