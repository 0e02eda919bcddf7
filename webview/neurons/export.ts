import type { TemplateResult } from "lit";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import {
  agreementChart,
  agreementSection,
  agreementTable,
  divergenceChart,
  divergenceSection,
  divergenceTable,
} from "./curves";
import { layersChart, layersSection, layersTable } from "./layers";
import type { Panel } from "./panel";
import type { ChartName } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function neuronsExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  const charts: Record<ChartName, ExportedChart> = {
    agreement: {
      name: "Next tokens that stay",
      picture: (print) => ({
        title: pictureTitle(panel, "next tokens that stay"),
        section: agreementSection(onPaper(panel, print)),
        chart: agreementChart,
        up: "next tokens that stay, in %",
      }),
      table: () => agreementTable(document),
    },
    divergence: {
      name: "Divergence",
      picture: (print) => ({
        title: pictureTitle(panel, "divergence from the whole model"),
        section: divergenceSection(onPaper(panel, print)),
        chart: divergenceChart,
        up: "divergence of the next token",
      }),
      table: () => divergenceTable(document),
    },
    layers: {
      name: "Layers",
      picture: (print) => ({
        title: pictureTitle(panel, "neurons that make up 90 % of the sum"),
        section: layersSection(onPaper(panel, print)),
        chart: layersChart,
        up: "neurons with 90 % of the sum, in %",
      }),
      table: () => layersTable(document),
    },
  };
  return exportDrawer({ title, document, charts, post });
}
