import { comparisonLines } from "../cli/render/comparison";
import { plain } from "../cli/terminal/style";
import type { ComparisonDocument } from "../engine/document/document";

/** A comparison as the command line prints it, notes at the end. */
export function comparisonText(document: ComparisonDocument): string[] {
  const { notes } = document.run;
  return [...comparisonLines(document, plain), ...(notes.length > 0 ? ["", ...notes] : [])];
}
