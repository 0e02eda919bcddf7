import { atThreshold } from "../engine/document/at-threshold";
import type { AnalysisDocument, ComparisonDocument } from "../engine/document/document";
import { swapSides } from "../engine/document/swap-sides";
import type { FromAnalysisView } from "../pages/analysis";
import type { Choice } from "./as-shown";
import type { FromComparisonView } from "../pages/comparison";

/* What users choose in pages that changes what they show: what is saved, exported and run on from there is that. */

/** An analysis at the threshold that was chosen. */
export function thresholdChoice(message: FromAnalysisView): Choice<AnalysisDocument> | undefined {
  if (message.type !== "chooseThreshold") return undefined;
  const { threshold } = message;
  return (document) => (threshold === null ? document : atThreshold(document, threshold));
}

/** A comparison with the sides as they are shown. */
export function sidesChoice(message: FromComparisonView): Choice<ComparisonDocument> | undefined {
  if (message.type !== "chooseSides") return undefined;
  return message.swapped ? swapSides : (document) => document;
}
