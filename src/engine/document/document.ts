import type { AnalysisDocument } from "./analysis";
import type { BitsDocument } from "./bits";
import type { CalibrationDocument } from "./calibration";
import type { ComparisonDocument } from "./comparison";
import type { DomainsDocument } from "./domains";
import type { FrequencyDocument } from "./frequency";
import type { ModelsDocument } from "./models";
import type { NeuronsDocument } from "./neurons";
import type { PairsDocument } from "./pairs";
import type { PatchingDocument } from "./patching";
import type { PruningDocument } from "./pruning";
import type { ShrinkDocument } from "./shrink";
import type { ModelDescription, RunDescription } from "./shared";

export type * from "./ablation";
export type * from "./analysis";
export type * from "./bits";
export type * from "./calibration";
export type * from "./comparison";
export type * from "./domains";
export type * from "./frequency";
export type * from "./models";
export type * from "./neurons";
export type * from "./pairs";
export type * from "./patching";
export type * from "./pruning";
export type * from "./shared";
export type * from "./shrink";
export type * from "./tasks";

/** What every document has, whatever its kind. */
export interface ResultDocument {
  /** What the user looked at last, of the page's own making and checked by it; only where the editor saved it. */
  readonly view?: unknown;
  readonly format: `paramscope.${string}`;
  readonly version: number;
  readonly model: ModelDescription;
  /** The other, where two models are compared. */
  readonly modelB?: ModelDescription;
  readonly run: RunDescription;
}

/** Everything that Paramscope prints as JSON and saves as `*.paramscope`. */
export type ParamscopeDocument =
  | AnalysisDocument
  | BitsDocument
  | ComparisonDocument
  | FrequencyDocument
  | PairsDocument
  | DomainsDocument
  | PatchingDocument
  | PruningDocument
  | ShrinkDocument
  | CalibrationDocument
  | NeuronsDocument
  | ModelsDocument;
