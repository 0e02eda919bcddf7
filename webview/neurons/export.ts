import type { TemplateResult } from "lit";
import type { NeuronsDocument } from "../../src/engine/document/document";
import { option } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { exportDrawer, shownChart } from "../shared/export-drawer";
import { agreementChart, agreementTable, divergenceChart, divergenceTable } from "./curves";
import { layersChart, layersTable } from "./layers";
import type { Panel } from "./panel";
import type { ChartName } from "./view-state";

interface Chart {
  readonly name: string;
  /** Of the chart, where it is shown, and the title of its picture, which has no legend beside it. */
  readonly shown: readonly [id: string, what: string];
  readonly table: (document: NeuronsDocument) => DataTable;
}

const criteria = "by attribution (solid) and size of activation (dashed)";

const charts: Record<ChartName, Chart> = {
  agreement: {
    name: "Next tokens that stay",
    shown: [agreementChart, `next tokens that stay, in %, ${criteria}`],
    table: agreementTable,
  },
  divergence: {
    name: "KL(dense ‖ sparse)",
    shown: [divergenceChart, `KL(dense ‖ sparse) in nats, ${criteria}`],
    table: divergenceTable,
  },
  layers: {
    name: "Layers",
    shown: [layersChart, "neurons that make up 90 % of the attribution (solid) and of the size (dashed), in %"],
    table: layersTable,
  },
};

/** Pictures and tables of what is shown, or the whole result. */
export function neuronsExport({ title, document, post }: Panel): TemplateResult {
  return exportDrawer({
    title,
    document,
    charts: Object.entries(charts).map(([value, { name }]) => option(value, name)),
    picture: (chart) => {
      const [id, what] = charts[chart as ChartName].shown;
      return shownChart(id, [title, document.model.name, what].join(" · "));
    },
    table: (chart) => charts[chart as ChartName].table(document),
    post,
  });
}
