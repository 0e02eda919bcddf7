import type { TemplateResult } from "lit";
import type { SampleDescription } from "../../src/engine/document/document";
import { targetInWords } from "../../src/format/model-words";
import { option } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { exportDrawer, paperOf, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { textPage, textSvg } from "../shared/text-picture";
import { themeColour } from "../shared/theme";
import { textTable } from "../shared/tinted-text";
import { curvesChart, curvesTable } from "./curves";
import { matricesHeatMap, matricesTable } from "./matrices";
import { headsChart, headsTable, openedMatrix } from "./matrix";
import type { Panel } from "./panel";
import { shownSample } from "./texts";
import type { ChartName } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function comparisonExport(panel: Panel): TemplateResult {
  const matrix = panel.view.opened ? option("matrix", "This matrix") : option("matrices", "Matrices");
  const texts = [option("text-a", "Text A"), option("text-b", "Text B")];
  return exportDrawer({
    title: panel.title,
    document: panel.document,
    charts: [option("curves", "Layers"), matrix, ...texts],
    picture: (chart) => pictureOf(panel, chart as ChartName),
    table: (chart) => tableOf(panel, chart as ChartName),
    page: (chart) => {
      const sample = sampleOf(panel, chart as ChartName);
      return sample && textPage(sample, paperOf(textTitle(panel, chart as ChartName)), textTint());
    },
    post: panel.post,
  });
}

function pictureOf(panel: Panel, chart: ChartName): string | undefined {
  const { document, title, view } = panel;
  const called = (what: string) => [title, document.model.name, what].join(" · ");
  switch (chart) {
    case "curves":
      return shownChart(curvesChart, called("similarity (solid), overlap (dashed), contrast (dotted) by layer"));
    case "matrices": {
      const measure = view.measure === "similarity" ? "similarity" : "log2 of mean activation B by A";
      return heatMapSvg(matricesHeatMap(panel, 640).map, paperOf(called(`${measure} of matrices`)));
    }
    case "matrix": {
      const opened = openedMatrix(panel);
      return opened && shownChart(headsChart, called(`heads of layer ${opened.layer} ${opened.title}, A and B`));
    }
    case "text-a":
    case "text-b": {
      const sample = sampleOf(panel, chart);
      return sample && textSvg(sample, paperOf(textTitle(panel, chart)), textTint());
    }
  }
}

function sampleOf(panel: Panel, chart: ChartName): SampleDescription | undefined {
  return chart === "text-a" || chart === "text-b" ? shownSample(panel, chart === "text-a" ? "a" : "b") : undefined;
}

function textTitle({ document }: Panel, chart: ChartName): string {
  const { name } = chart === "text-a" ? document.a : document.b;
  return [name, document.model.name, `saliency of tokens, ${targetInWords(document.target)}`].join(" · ");
}

function textTint(): string {
  return themeColour("--vscode-charts-orange", "#d18616");
}

function tableOf(panel: Panel, chart: ChartName): DataTable | undefined {
  switch (chart) {
    case "curves":
      return curvesTable(panel.document);
    case "matrices":
      return matricesTable(panel);
    case "matrix": {
      const opened = openedMatrix(panel);
      return opened && headsTable(opened);
    }
    case "text-a":
    case "text-b": {
      const sample = sampleOf(panel, chart);
      return sample && textTable(sample);
    }
  }
}
