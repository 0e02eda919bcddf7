import type { TemplateResult } from "lit";
import { exportDrawer, type ExportedChart, pictureTitle, shownChart } from "../shared/export-drawer";
import { agreementChart, agreementTable, divergenceChart, divergenceTable } from "./curves";
import { layersChart, layersTable } from "./layers";
import type { Panel } from "./panel";
import type { ChartName } from "./view-state";

const criteria = "by attribution (solid) and size of activation (dashed)";

/** Pictures and tables of what is shown, or the whole result. */
export function neuronsExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  const charts: Record<ChartName, ExportedChart> = {
    agreement: {
      name: "Next tokens that stay",
      picture: () => shownChart(agreementChart, pictureTitle(panel, `next tokens that stay, in %, ${criteria}`)),
      table: () => agreementTable(document),
    },
    divergence: {
      name: "Divergence",
      picture: () => shownChart(divergenceChart, pictureTitle(panel, `divergence from the whole model, ${criteria}`)),
      table: () => divergenceTable(document),
    },
    layers: {
      name: "Layers",
      picture: () =>
        shownChart(
          layersChart,
          pictureTitle(panel, "neurons that make up 90 % of the attribution (solid) and of the size (dashed), in %"),
        ),
      table: () => layersTable(document),
    },
  };
  return exportDrawer({ title, document, charts, post });
}
