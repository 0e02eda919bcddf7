import type { PruningDocument } from "../engine/document/document";
import type { PruneParams } from "../scoring/protocol";
import type { FromPruningView, StreamedPrunedLayer } from "../pages/pruning";
import type { Asked, RunKind } from "./run-kind";

export interface AskedPruning extends Asked {
  readonly pruning: Omit<PruneParams, "run" | "settings">;
}

export interface PruningTypes {
  asked: AskedPruning;
  document: PruningDocument;
  layer: StreamedPrunedLayer;
  about: object;
  done: object;
  more: never;
  from: FromPruningView;
}

/** The run that prunes a model, and measures what that costs. */
export const pruningRun: RunKind<PruningTypes> = {
  format: "paramscope.pruning",
  about: () => ({}),
  layer: ({ layer, sparsity = 0 }) => ({ layer, sparsity }),
  done: {},
  estimate: (scoring, { pruning }, settings, ...run) => scoring.estimate({ pruning, times: 1, settings }, ...run),
  compute: (scoring, { pruning }, settings, ...run) => scoring.prune({ ...pruning, settings }, ...run),
};
