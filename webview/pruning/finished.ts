import { nothing, type TemplateResult } from "lit";
import { costsSection } from "./costs";
import { curveSection } from "./curve";
import { headSection } from "./head";
import { layersSection } from "./layers";
import { lossSection } from "./loss-map";
import { magnitudeLosses } from "./matrices";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** The whole page of a pruning. */
export function finishedSection(panel: Panel): TemplateResult {
  const { document } = panel;
  const { curve, layers, perplexity } = document;
  return html`${headSection(panel)} ${costsSection(document)} ${layersSection(panel, layers, "matrices-title")}
  ${lossSection(panel, magnitudeLosses(document))}
  ${curve.length > 0 && perplexity !== null ? curveSection(panel, document, perplexity) : nothing}`;
}
