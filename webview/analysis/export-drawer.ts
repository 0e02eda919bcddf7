import type { TemplateResult } from "lit";
import { atThreshold } from "../../src/engine/document/at-threshold";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { withAblations } from "../../src/format/ablation";
import { hasExperts } from "../../src/format/experts";
import { measureNames } from "../../src/format/measures";
import { targetInWords } from "../../src/format/model-words";
import { formatNumber } from "../../src/format/numbers";
import { formatLoss } from "../../src/format/positions";
import { exportDrawer as drawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { printedText, textChart as textDrawing, textPage } from "../shared/text-picture";
import { textTable } from "../shared/tinted-text";
import { shownMeasure } from "./beside-typical";
import { expertMeasureName, expertsSection, expertsTable } from "./experts";
import { layersChart, layersSection, layersTable } from "./layers";
import { matricesSection, matricesTable } from "./matrices";
import { histogram, matrixSection, matrixTable } from "./matrix";
import { imageChart, imageSection, isDrawn, shownImageTable } from "./matrix-image";
import { openedMatrix } from "./opened-matrix";
import type { Panel } from "./panel";
import { positionStrip } from "./position-strip";
import { knownPositions, positionsSection, shownPositionsTable } from "./positions";
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
    picture: (print) => ({
      title: pictureTitle(panel, layersInWords(panel)),
      section: layersSection(onPaper(panel, print), print.width, 2),
      chart: layersChart,
      up: "layer",
      across: shownMeasure(panel) === "typical" ? "share of the activation beside typical texts" : "density, in %",
    }),
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
    picture: (print) => ({
      title: pictureTitle(panel, what),
      section: matricesSection(onPaper(panel, print), print.width),
      up: "layer",
      across: "matrix",
    }),
    table: () => matricesTable(panel),
  };
}

function expertsChart(panel: Panel): Partial<Record<ChartName, ExportedChart>> {
  if (!hasExperts(panel.document)) return {};
  const what = `${expertMeasureName(panel).toLowerCase()} of experts`;
  const chart: ExportedChart = {
    name: "Experts",
    picture: (print) => ({
      title: pictureTitle(panel, what),
      section: expertsSection(onPaper(panel, print)),
      up: "layer",
      across: "expert",
    }),
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
    picture: (print) => ({
      title: pictureTitle(panel, what),
      section: positionsSection(onPaper(panel, print)),
      chart: positionStrip,
      up: `loss of the token that follows, 0 to ${formatLoss(mostLoss(panel))}`,
      across: positionsInWords(panel),
      hasNoLegend: true,
    }),
    table: () => table,
  };
  return { positions: chart };
}

function mostLoss(panel: Panel): number {
  return Math.max(0, ...(knownPositions(panel)?.at ?? []).map(({ loss }) => loss ?? 0));
}

/** `token that the text ends with, 1 to 59` */
function positionsInWords(panel: Panel): string {
  const { first = 0, at = [] } = knownPositions(panel) ?? {};
  return `token that the text ends with, ${first} to ${first + at.length - 1}`;
}

function matrixChart(panel: Panel): ExportedChart {
  const opened = openedMatrix(panel);
  const what = opened && `layer ${opened.layer} ${opened.title}, weights by activation`;
  return {
    name: "This matrix",
    picture: (print) =>
      what === undefined
        ? undefined
        : {
            title: pictureTitle(panel, what),
            section: matrixSection(onPaper(panel, print)),
            chart: histogram,
            up: "number of weights, as area",
            across: "activation of a weight, logarithmic",
            hasNoLegend: true,
          },
    table: () => opened && matrixTable(opened),
  };
}

function imageCharts(panel: Panel): Partial<Record<ChartName, ExportedChart>> {
  const opened = openedMatrix(panel);
  if (opened === undefined || !isDrawn(panel, opened)) return {};
  const what = `layer ${opened.layer} ${opened.title}, activation of its weights`;
  const chart: ExportedChart = {
    name: "Where in the matrix",
    picture: (print) => ({
      title: pictureTitle(panel, what),
      section: imageSection(onPaper(panel, print), opened),
      chart: imageChart,
      up: "rows (outputs), beside them their sums",
      across: "columns (inputs), below them their sums",
    }),
    table: () => shownImageTable(panel, opened),
  };
  return { image: chart };
}

function textChart(panel: Panel): ExportedChart {
  const sample = shownSample(panel);
  const title = pictureTitle(panel, `saliency of tokens, ${targetInWords(panel.document.target)}`);
  return {
    name: "Text",
    picture: ({ width }) => sample && { title, section: printedText(sample, width), chart: textDrawing },
    table: () => sample && textTable(sample),
    page: () => sample && textPage(sample, title),
  };
}

/** `activation ≥ 3.1e-7` */
function thresholdOf({ activity }: Panel): string {
  return `activation ≥ ${formatNumber(activity.tau)}`;
}
