import type { TemplateResult } from "lit";
import { hasExperts } from "../../src/format/compared-experts";
import { targetInWords } from "../../src/format/model-words";
import { formatShare } from "../../src/format/numbers";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { printedText, textChart as textDrawing, textPage } from "../shared/text-picture";
import { textTable } from "../shared/tinted-text";
import { curvesChart, curvesSection, curvesTable } from "./curves";
import { expertsHeatMap, expertsSection, expertsTable } from "./experts";
import { matricesSection, matricesTable, matricesTitle } from "./matrices";
import { headsChart, headsTable, highestHead, matrixSection, openedMatrix } from "./matrix";
import { nextChart, nextSection, nextTable } from "./next";
import type { Panel } from "./panel";
import { shownSample } from "./texts";
import type { ChartName, Side } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function comparisonExport(panel: Panel): TemplateResult {
  const { title, document, view, post } = panel;
  const charts: Record<ChartName, ExportedChart | undefined> = {
    curves: {
      name: "Layers",
      picture: (print) => ({
        title: pictureTitle(panel, "likeness by layer"),
        section: curvesSection(onPaper(panel, print)),
        chart: curvesChart,
        up: "likeness: 1 is the same, 0 nothing in common",
      }),
      table: () => curvesTable(document),
    },
    next: {
      name: "Next token",
      picture: (print) => ({
        title: pictureTitle(panel, "the likeliest next tokens after A and after B"),
        section: nextSection(onPaper(panel, print)),
        chart: nextChart,
        up: "next token",
        across: "probability, in %",
      }),
      table: () => nextTable(panel),
    },
    matrix: view.opened ? matrixChart(panel) : undefined,
    matrices: view.opened ? undefined : matricesChart(panel),
    experts: view.opened || !hasExperts(document) ? undefined : expertsChart(panel),
    "text-a": textChart(panel, "a"),
    "text-b": textChart(panel, "b"),
  };
  return exportDrawer({ title, document, charts, post });
}

function matricesChart(panel: Panel): ExportedChart {
  return {
    name: "Matrices",
    picture: (print) => ({
      title: pictureTitle(panel, matricesTitle(panel)),
      section: matricesSection(onPaper(panel, print)),
      up: "layer",
      across: "matrix",
    }),
    table: () => matricesTable(panel),
  };
}

function expertsChart(panel: Panel): ExportedChart {
  return {
    name: "Experts",
    picture: (print) => ({
      title: pictureTitle(panel, `experts: ${expertsHeatMap(panel, print.width).legend.what}`),
      section: expertsSection(onPaper(panel, print)),
      up: "layer",
      across: "expert",
    }),
    table: () => expertsTable(panel),
  };
}

function matrixChart(panel: Panel): ExportedChart {
  const opened = openedMatrix(panel);
  const what = opened && `heads of layer ${opened.layer} ${opened.title}, A and B`;
  return {
    name: "This matrix",
    picture: (print) =>
      opened && what !== undefined && opened.module.heads.length > 0
        ? {
            title: pictureTitle(panel, what),
            section: matrixSection(onPaper(panel, print)),
            chart: headsChart,
            up: `part of the matrix's activation, 0 to ${formatShare(highestHead(opened))}`,
            across: "head",
          }
        : undefined,
    table: () => opened && headsTable(opened),
  };
}

function textChart(panel: Panel, side: Side): ExportedChart {
  const { document } = panel;
  const sample = shownSample(panel, side);
  const saliency = `saliency of tokens, ${targetInWords(document.target)}`;
  const title = pictureTitle({ title: document[side].name, document }, saliency);
  return {
    name: `Text ${side.toUpperCase()}`,
    picture: ({ width }) => sample && { title, section: printedText(sample, width), chart: textDrawing },
    table: () => sample && textTable(sample),
    page: () => sample && textPage(sample, title),
  };
}
