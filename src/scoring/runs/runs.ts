import type { ResultDocument } from "../../engine/document/document";
import { ablationRun } from "./ablation";
import { analysisRun } from "./analysis";
import { bitsRun } from "./bits";
import { comparisonRun } from "./comparison";
import { domainsRun } from "./domains";
import { frequencyRun } from "./frequency";
import { pairsRun } from "./pairs";
import { patchingRun } from "./patching";
import { pruningRun } from "./pruning";
import type { Run } from "./run";
import { shrinkRun } from "./shrink";

/** All that the scoring process runs. What the editor shows of it is in src/kinds/kinds.ts; what an ablation finds stands in an analysis. */
export const runs: readonly Run<unknown, ResultDocument>[] = [
  ablationRun,
  analysisRun,
  comparisonRun,
  frequencyRun,
  domainsRun,
  pairsRun,
  patchingRun,
  pruningRun,
  bitsRun,
  shrinkRun,
];
