import { analysisKind } from "./analysis";
import { bitsKind } from "./bits";
import { calibrationKind } from "./calibration";
import { comparisonKind } from "./comparison";
import { domainsKind } from "./domains";
import { frequencyKind } from "./frequency";
import type { Kind } from "./kind";
import { modelsKind } from "./models";
import { neuronsKind } from "./neurons";
import { pairsKind } from "./pairs";
import { patchingKind } from "./patching";
import { pruningKind } from "./pruning";
import { shrinkKind } from "./shrink";

/** All kinds of results. What the scoring process runs of them is in src/scoring/runs/runs.ts. */
export const kinds: readonly Kind[] = [
  analysisKind,
  comparisonKind,
  frequencyKind,
  domainsKind,
  pairsKind,
  patchingKind,
  pruningKind,
  bitsKind,
  shrinkKind,
  calibrationKind,
  neuronsKind,
  modelsKind,
];
