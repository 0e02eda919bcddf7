import type { TemplateResult } from "lit";
import { atThreshold } from "../../src/engine/document/at-threshold";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { withAblations } from "../../src/format/ablation";
import { targetInWords } from "../../src/format/model-words";
import { formatNumber } from "../../src/format/numbers";
import { exportDrawer as drawer, type ExportedChart, paperOf, pictureTitle, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { textPage, textSvg } from "../shared/text-picture";
import { textTable } from "../shared/tinted-text";
import { hasExperts } from "../../src/format/experts";
import { shownMeasure } from "./beside-typical";
import { expertMeasureName, expertsHeatMap, expertsTable } from "./experts";
import { layersChart, layersTable } from "./layers";
import { matricesHeatMap, matricesTable } from "./matrices";
import { matrixTable } from "./matrix";
import { imageChart, shownImageTable } from "./matrix-image";
import { openedMatrix } from "./opened-matrix";
import { measureNames } from "../../src/format/measures";
import type { Panel } from "./panel";
import { positionStrip } from "./position-strip";
import { knownPositions, shownPositionsTable } from "./positions";
import { shownSample } from "./text";
import type { ChartName } from "./view-state";

/** Which chart, and as what: pictures and tables of what is shown, or the whole result. */
export function exportDrawer(panel: Panel): TemplateResult {
  const { title, view, post } = panel;
  const charts: Partial<Record<ChartName, ExportedChart>> = view.opened
    ? { matrix: matrixChart(panel), ...imageCharts(panel), text: textChart(panel) }
    : {
        layers: layersChartOf(panel),
        matrices: matricesChart(panel),
        ...expertsChart(panel),
        ...positionsChart(panel),
        text: textChart(panel),
      };
  return drawer({ title, document: shownDocument(panel), charts, post });
}

/** The result at the threshold that it is shown at, with what was measured since: positions, and predictions without a place. */
function shownDocument(panel: Panel): AnalysisDocument {
  const {
    document,
    view: { threshold },
    activity,
  } = panel;
  const positions = knownPositions(panel);
  const shown = threshold ? atThreshold(document, threshold, activity) : document;
  return withAblations({ ...shown, ...(positions && { positions }) }, panel.ablations);
}

function layersChartOf(panel: Panel): ExportedChart {
  return {
    name: "Layers",
    picture: () => shownChart(layersChart, pictureTitle(panel, layersInWords(panel))),
    table: () => layersTable(panel),
  };
}

function layersInWords(panel: Panel): string {
  if (shownMeasure(panel) === "typical") return "share of layers beside typical texts";
  return `density of layers, ${thresholdOf(panel)}`;
}

function matricesChart(panel: Panel): ExportedChart {
  const measure = shownMeasure(panel);
  const what =
    measure === "typical"
      ? "share of matrices beside typical texts"
      : measure === "density"
        ? `density of matrices in %, ${thresholdOf(panel)}`
        : `${measureNames[measure]} of matrices`;
  return {
    name: "Matrices",
    picture: () => heatMapSvg(matricesHeatMap(panel, 640).map, paperOf(pictureTitle(panel, what))),
    table: () => matricesTable(panel),
  };
}

function expertsChart(panel: Panel): Partial<Record<ChartName, ExportedChart>> {
  if (!hasExperts(panel.document)) return {};
  const what = `${expertMeasureName(panel).toLowerCase()} of experts`;
  const chart: ExportedChart = {
    name: "Experts",
    picture: () => heatMapSvg(expertsHeatMap(panel, 640).map, paperOf(pictureTitle(panel, what))),
    table: () => expertsTable(panel),
  };
  return { experts: chart };
}

function positionsChart(panel: Panel): Partial<Record<ChartName, ExportedChart>> {
  const table = shownPositionsTable(panel);
  if (table === undefined) return {};
  const what = "loss of the token that follows each position";
  const chart: ExportedChart = {
    name: "Through the text",
    picture: () => shownChart(positionStrip, pictureTitle(panel, what)),
    table: () => table,
  };
  return { positions: chart };
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

function imageCharts(panel: Panel): Partial<Record<ChartName, ExportedChart>> {
  const opened = openedMatrix(panel);
  if (opened?.module.image === undefined) return {};
  const what = `layer ${opened.layer} ${opened.title}, activation of its weights`;
  const chart: ExportedChart = {
    name: "Where in the matrix",
    picture: () => shownChart(imageChart, pictureTitle(panel, what)),
    table: () => shownImageTable(panel, opened),
  };
  return { image: chart };
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

/** `activation ≥ 3.1e-7` */
function thresholdOf({ activity }: Panel): string {
  return `activation ≥ ${formatNumber(activity.tau)}`;
}
