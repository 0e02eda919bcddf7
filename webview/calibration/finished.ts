import { html, type TemplateResult } from "lit";
import { choiceSection } from "./choice";
import { headSection } from "./head";
import type { Panel } from "./panel";
import { poolSection } from "./pool";
import { studySection } from "./study";
import { textsSection } from "./texts";

/** The whole page of a result: domains against domains, or chosen texts against random ones. */
export function finishedSection(panel: Panel): TemplateResult {
  const { choice } = panel.document;
  return html`${headSection(panel)}
  ${choice === null ? studySection(panel) : html`${choiceSection(panel, choice)} ${poolSection(panel, choice)}`}
  ${textsSection(panel)}`;
}
