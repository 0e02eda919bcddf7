import { html, type TemplateResult } from "lit";
import { agreementSection, divergenceSection } from "./curves";
import { headSection } from "./head";
import { layersSection } from "./layers";
import type { Panel } from "./panel";

/** The whole page of a result. */
export function finishedSection(panel: Panel): TemplateResult {
  return html`${headSection(panel)} ${agreementSection(panel)} ${divergenceSection(panel)} ${layersSection(panel)}`;
}
