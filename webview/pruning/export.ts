import type { TemplateResult } from "lit";
import { option } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { exportDrawer, paperOf, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { curveChart, curveTable } from "./curve";
import { layersChart, layersTable } from "./layers";
import { lossHeatMap, lossTable } from "./loss-map";
import { magnitudeLosses } from "./matrices";
import type { Panel } from "./panel";

interface Chart {
  readonly name: string;
  readonly picture: () => string | undefined;
  readonly table: () => DataTable;
}

/** Pictures and tables of what is shown, or the whole result. */
export function pruningExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  const paper = (what: string) => [title, document.model.name, what].join(" · ");
  const losses = magnitudeLosses(document);
  const charts: Record<string, Chart> = {
    layers: {
      name: "Layers",
      picture: () => shownChart(layersChart, paper("planned sparsity")),
      table: () => layersTable(document.layers),
    },
    matrices: {
      name: "Matrices",
      picture: () => heatMapSvg(lossHeatMap(panel, losses, 640), paperOf(paper(`% lost ${losses.what}`))),
      table: () => lossTable(losses),
    },
    ...(document.curve.length > 0 && {
      curve: {
        name: "Perplexity over sparsity",
        picture: () => shownChart(curveChart, paper("perplexity over sparsity")),
        table: () => curveTable(document),
      },
    }),
  };
  return exportDrawer({
    title,
    document,
    charts: Object.entries(charts).map(([value, chart]) => option(value, chart.name)),
    picture: (chart) => charts[chart]?.picture(),
    table: (chart) => charts[chart]?.table(),
    post,
  });
}
