import { nothing, type TemplateResult } from "lit";
import type { DomainsDocument } from "../../src/engine/document/document";
import type { Likeness } from "../../src/format/domains";
import type { FromDomainsView } from "../../src/pages/domains";
import { optionsOf, select } from "../shared/controls";
import type { ResultPanel } from "../shared/result-panel";
import type { ViewState } from "./view-state";

export type Panel = ResultPanel<DomainsDocument, ViewState, FromDomainsView>;

/** The measure of likeness: contrast similarity, where it is wanted and there. */
export function likenessOf({ document, view }: Panel): Likeness {
  return view.contrast && document.contrastSignificance !== null ? "contrast" : "similarity";
}

/** The measures of likeness, as they are called. */
export const likenessNames: Record<Likeness, string> = { similarity: "Similarity", contrast: "Contrast" };

/** The choice of the measure of likeness: one for all charts, reached from those that follow it. */
export function likenessChoice(panel: Panel, where: string): TemplateResult | typeof nothing {
  if (panel.document.contrastSignificance === null) return nothing;
  return select({
    label: `Measure of likeness, ${where}`,
    value: likenessOf(panel),
    options: optionsOf(likenessNames),
    onChange: (value) => panel.change({ contrast: value === "contrast" }),
  });
}
