import type { TemplateResult } from "lit";
import { atThreshold } from "../../src/engine/document/at-threshold";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { targetInWords } from "../../src/format/model-words";
import { formatNumber } from "../../src/format/numbers";
import { exportDrawer as drawer, type ExportedChart, paperOf, pictureTitle, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { textPage, textSvg } from "../shared/text-picture";
import { textTable } from "../shared/tinted-text";
import { layersChart, layersTable } from "./layers";
import { matricesHeatMap, matricesTable } from "./matrices";
import { matrixTable } from "./matrix";
import { openedMatrix } from "./opened-matrix";
import { measureNames } from "../../src/format/measures";
import type { Panel } from "./panel";
import { shownSample } from "./text";
import type { ChartName } from "./view-state";

/** Which chart, and as what: pictures and tables of what is shown, or the whole result. */
export function exportDrawer(panel: Panel): TemplateResult {
  const { title, view, post } = panel;
  const charts: Partial<Record<ChartName, ExportedChart>> = view.opened
    ? { matrix: matrixChart(panel), text: textChart(panel) }
    : { layers: layersChartOf(panel), matrices: matricesChart(panel), text: textChart(panel) };
  return drawer({ title, document: shownDocument(panel), charts, post });
}

/** The result at the threshold that it is shown at. */
function shownDocument({ document, view: { threshold }, activity }: Panel): AnalysisDocument {
  return threshold ? atThreshold(document, threshold, activity) : document;
}

function layersChartOf(panel: Panel): ExportedChart {
  return {
    name: "Layers",
    picture: () => shownChart(layersChart, pictureTitle(panel, `density of layers, ${thresholdOf(panel)}`)),
    table: () => layersTable(panel),
  };
}

function matricesChart(panel: Panel): ExportedChart {
  const measure = measureNames[panel.view.measure];
  const what =
    panel.view.measure === "density"
      ? `${measure.toLowerCase()} of matrices in %, ${thresholdOf(panel)}`
      : `${measure} of matrices`;
  return {
    name: "Matrices",
    picture: () => heatMapSvg(matricesHeatMap(panel, 640).map, paperOf(pictureTitle(panel, what))),
    table: () => matricesTable(panel),
  };
}

function matrixChart(panel: Panel): ExportedChart {
  const opened = openedMatrix(panel);
  const what = opened && `layer ${opened.layer} ${opened.title}, weights by activation`;
  return {
    name: "This matrix",
    picture: () => what && shownChart("matrix-histogram", pictureTitle(panel, what)),
    table: () => opened && matrixTable(opened),
  };
}

function textChart(panel: Panel): ExportedChart {
  const sample = shownSample(panel);
  const paper = () => paperOf(pictureTitle(panel, `saliency of tokens, ${targetInWords(panel.document.target)}`));
  return {
    name: "Text",
    picture: () => sample && textSvg(sample, paper()),
    table: () => sample && textTable(sample),
    page: () => sample && textPage(sample, paper()),
  };
}

/** `|w·∂y/∂w| ≥ 3.1e-7` */
function thresholdOf({ activity }: Panel): string {
  return `|w·∂y/∂w| ≥ ${formatNumber(activity.tau)}`;
}
