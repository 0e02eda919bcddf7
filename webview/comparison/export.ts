import type { TemplateResult } from "lit";
import { targetInWords } from "../../src/format/model-words";
import { exportDrawer, type ExportedChart, paperOf, pictureTitle, shownChart } from "../shared/export-drawer";
import { heatMapsSvg, heatMapSvg } from "../shared/heat-map-svg";
import { textPage, textSvg } from "../shared/text-picture";
import { textTable } from "../shared/tinted-text";
import { curvesChart, curvesTable } from "./curves";
import { hasExperts } from "../../src/format/compared-experts";
import { expertsHeatMap, expertsTable } from "./experts";
import { matricesHeatMaps, matricesTable, matricesTitle } from "./matrices";
import { headsChart, headsTable, openedMatrix } from "./matrix";
import { nextChart, nextTable } from "./next";
import type { Panel } from "./panel";
import { shownSample } from "./texts";
import type { ChartName, Side } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function comparisonExport(panel: Panel): TemplateResult {
  const { title, document, view, post } = panel;
  const charts: Record<ChartName, ExportedChart | undefined> = {
    curves: {
      name: "Layers",
      picture: () =>
        shownChart(
          curvesChart,
          pictureTitle(panel, "similarity (solid), overlap (dashed), contrast (dotted) by layer"),
        ),
      table: () => curvesTable(document),
    },
    next: {
      name: "Next token",
      picture: () => shownChart(nextChart, pictureTitle(panel, "the likeliest next tokens after A and after B")),
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
    picture: () => heatMapsSvg(matricesHeatMaps(panel, 640).maps, paperOf(pictureTitle(panel, matricesTitle(panel)))),
    table: () => matricesTable(panel),
  };
}

function expertsChart(panel: Panel): ExportedChart {
  return {
    name: "Experts",
    picture: () => {
      const { map, legend } = expertsHeatMap(panel, 640);
      return heatMapSvg(map, paperOf(pictureTitle(panel, `experts: ${legend.what}`)));
    },
    table: () => expertsTable(panel),
  };
}

function matrixChart(panel: Panel): ExportedChart {
  const opened = openedMatrix(panel);
  const what = opened && `heads of layer ${opened.layer} ${opened.title}, A and B`;
  return {
    name: "This matrix",
    picture: () => what && shownChart(headsChart, pictureTitle(panel, what)),
    table: () => opened && headsTable(opened),
  };
}

function textChart(panel: Panel, side: Side): ExportedChart {
  const { document } = panel;
  const sample = shownSample(panel, side);
  const saliency = `saliency of tokens, ${targetInWords(document.target)}`;
  const paper = () => paperOf(pictureTitle({ title: document[side].name, document }, saliency));
  return {
    name: `Text ${side.toUpperCase()}`,
    picture: () => sample && textSvg(sample, paper()),
    table: () => sample && textTable(sample),
    page: () => sample && textPage(sample, paper()),
  };
}
