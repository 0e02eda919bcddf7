import type { TemplateResult } from "lit";
import { measureNames } from "../../src/format/models";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { activationsChart, activationsSection, activationsTable } from "./activations";
import { changeChart, changeSection, changeTable } from "./change";
import { matricesSection, matricesTable } from "./matrices";
import type { Panel } from "./panel";
import { predictionsChart, predictionsSection, predictionsTable } from "./predictions";
import type { ChartName } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function modelsExport(panel: Panel): TemplateResult {
  const { title, document, post, view } = panel;
  const titled = (what: string) => pictureTitle(panel, what);
  const charts: Record<ChartName, ExportedChart> = {
    change: {
      name: "What was changed",
      picture: (print) => ({
        title: titled("relative change by layer"),
        section: changeSection(onPaper(panel, print)),
        chart: changeChart,
        up: "size of the change by that of the weights",
      }),
      table: () => changeTable(document),
    },
    matrices: {
      name: "Matrices",
      picture: (print) => ({
        title: titled(`${measureNames[view.measure].toLowerCase()} of matrices`),
        section: matricesSection(onPaper(panel, print)),
        up: "layer",
        across: "matrix",
      }),
      table: () => matricesTable(panel),
    },
    activations: {
      name: "Activations",
      picture: (print) => ({
        title: titled("likeness of A and B by layer"),
        section: activationsSection(onPaper(panel, print)),
        chart: activationsChart,
        up: "likeness: 1 is the same, 0 nothing in common",
      }),
      table: () => activationsTable(document),
    },
    predictions: {
      name: "Next tokens",
      picture: (print) => ({
        title: titled("divergence of the next token"),
        section: predictionsSection(onPaper(panel, print)),
        chart: predictionsChart,
        up: "sample",
        across: "divergence of the next token",
        hasNoLegend: true,
      }),
      table: () => predictionsTable(panel),
    },
  };
  return exportDrawer({ title, document, charts, post });
}
