import type { TemplateResult } from "lit";
import { measureNames } from "../../src/format/models";
import { exportDrawer, type ExportedChart, paperOf, pictureTitle, shownChart } from "../shared/export-drawer";
import { heatMapsSvg } from "../shared/heat-map-svg";
import { activationsChart, activationsTable } from "./activations";
import { changeChart, changeTable } from "./change";
import { matricesHeatMaps, matricesTable } from "./matrices";
import type { Panel } from "./panel";
import { predictionsChart, predictionsTable } from "./predictions";
import type { ChartName } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function modelsExport(panel: Panel): TemplateResult {
  const { title, document, post, view } = panel;
  const titled = (what: string) => pictureTitle(panel, what);
  const charts: Record<ChartName, ExportedChart> = {
    change: {
      name: "What was changed",
      picture: () => shownChart(changeChart, titled("relative change by layer")),
      table: () => changeTable(document),
    },
    matrices: {
      name: "Matrices",
      picture: () =>
        heatMapsSvg(matricesHeatMaps(panel, 640).maps, paperOf(titled(`${measureNames[view.measure].toLowerCase()} of matrices`))),
      table: () => matricesTable(panel),
    },
    activations: {
      name: "Activations",
      picture: () => shownChart(activationsChart, titled("similarity (solid) and overlap (dashed) by layer")),
      table: () => activationsTable(document),
    },
    predictions: {
      name: "Next tokens",
      picture: () => shownChart(predictionsChart, titled("divergence of the next token")),
      table: () => predictionsTable(panel),
    },
  };
  return exportDrawer({ title, document, charts, post });
}
