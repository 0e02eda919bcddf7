import type { TemplateResult } from "lit";
import { atThreshold } from "../../src/engine/document/at-threshold";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { targetInWords } from "../../src/format/model-words";
import { formatNumber } from "../../src/format/numbers";
import { option } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { exportDrawer as drawer, paperOf, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { textPage, textSvg } from "../shared/text-picture";
import { themeColour } from "../shared/theme";
import { textTable } from "../shared/tinted-text";
import { layersChart, layersTable } from "./layers";
import { matricesHeatMap, matricesTable } from "./matrices";
import { matrixTable, openedMatrix } from "./matrix";
import { measureNames } from "../../src/format/measures";
import type { Panel } from "./panel";
import { shownSample } from "./text";
import type { ChartName } from "./view-state";

/** Which chart, and as what: pictures and tables of what is shown, or the whole result. */
export function exportDrawer(panel: Panel): TemplateResult {
  return drawer({
    title: panel.title,
    document: shownDocument(panel),
    charts: panel.view.opened
      ? [option("matrix", "This matrix"), option("text", "Text")]
      : [option("layers", "Layers"), option("matrices", "Matrices"), option("text", "Text")],
    picture: (chart) => pictureOf(panel, chart as ChartName),
    table: (chart) => tableOf(panel, chart as ChartName),
    page: (chart) => {
      const sample = chart === "text" ? shownSample(panel) : undefined;
      return sample && textPage(sample, paperOf(pictureTitle(panel, "text")), textTint());
    },
    post: panel.post,
  });
}

/** The result at the threshold that it is shown at. */
function shownDocument({ document, view: { threshold }, activity }: Panel): AnalysisDocument {
  return threshold ? atThreshold(document, threshold, activity) : document;
}

function pictureOf(panel: Panel, chart: ChartName): string | undefined {
  const title = pictureTitle(panel, chart);
  if (chart === "text") {
    const sample = shownSample(panel);
    return sample && textSvg(sample, paperOf(title), textTint());
  }
  if (chart === "matrices") return heatMapSvg(matricesHeatMap(panel, 640).map, paperOf(title));
  const id = chart === "layers" ? layersChart : chart === "matrix" ? "matrix-histogram" : undefined;
  return id && shownChart(id, title);
}

function textTint(): string {
  return themeColour("--vscode-charts-orange", "#d18616");
}

/** `story.txt · SmolLM2-135M · density of layers, |w·∂y/∂w| ≥ 3.1e-7` */
function pictureTitle(panel: Panel, chart: ChartName): string {
  const { title, document, activity, view } = panel;
  const threshold = `|w·∂y/∂w| ≥ ${formatNumber(activity.tau)}`;
  const opened = chart === "matrix" ? openedMatrix(panel) : undefined;
  const measure = measureNames[view.measure];
  const what = opened
    ? `layer ${opened.layer} ${opened.title}, weights by activation`
    : chart === "matrices"
      ? view.measure === "density"
        ? `${measure.toLowerCase()} of matrices in %, ${threshold}`
        : `${measure} of matrices`
      : chart === "text"
        ? `saliency of tokens, ${targetInWords(document.target)}`
        : `density of layers, ${threshold}`;
  return [title, document.model.name, what].join(" · ");
}

function tableOf(panel: Panel, chart: ChartName): DataTable | undefined {
  switch (chart) {
    case "layers":
      return layersTable(panel);
    case "matrices":
      return matricesTable(panel);
    case "matrix": {
      const opened = openedMatrix(panel);
      return opened && matrixTable(opened);
    }
    case "profile":
      return undefined;
    case "text": {
      const sample = shownSample(panel);
      return sample && textTable(sample);
    }
  }
}
