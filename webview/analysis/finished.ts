import { nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { expertsSection } from "./experts";
import { headSection } from "./head";
import { layersSection } from "./layers";
import { labelsOfMatrices, matricesSection } from "./matrices";
import { matrixSection } from "./matrix";
import { modelMapSection } from "./model-map";
import { type Panel, twoColumns } from "./panel";
import { positionsSection } from "./positions";
import { textSection } from "./text";
import { typicalSection, unusualLists } from "./typical";
import { thresholdControl } from "./threshold-control";
import { html } from "../shared/template";

const gap = 24;

/** A finished analysis: layers and matrices side by side, or one matrix in their place; the text below. */
export function finishedSection(panel: Panel): TemplateResult {
  const isWide = panel.width >= twoColumns;
  const left = isWide ? Math.floor((panel.width - gap) * 0.44) : panel.width;
  const right = isWide ? panel.width - gap - left : panel.width;
  return html`${headSection(panel)} ${panel.view.opened ? nothing : typicalSection(panel)} ${thresholdControl(panel)}
  ${
    panel.view.opened
      ? matrixSection(panel)
      : html`<div class="columns">${layersSection(panel, left, labelsOfMatrices(panel.document, right)?.top)} ${matricesSection(panel, right)}</div>
          ${unusualLists(panel)} ${expertsSection(panel)} ${modelMapSection(panel)}`
  }
  ${positionsSection(panel)}
  ${guard(textDependsOn(panel), () => textSection(panel))}`;
}

/** A long text is not drawn again for each step of a threshold. */
function textDependsOn({ title, document, view, saved, decorated }: Panel): unknown[] {
  return [title, document, saved, decorated, view.sample, view.token, view.tables];
}
