import type { TemplateResult } from "lit";
import { exportDrawer, type ExportedChart, paperOf, pictureTitle, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { curveChart, curveTable } from "./curve";
import { layersChart, layersTable } from "./layers";
import { lossHeatMap, lossTable } from "./loss-map";
import { magnitudeLosses } from "./matrices";
import type { Panel } from "./panel";

/** Pictures and tables of what is shown, or the whole result. */
export function pruningExport(panel: Panel): TemplateResult {
  const { title, document, post } = panel;
  const paper = (what: string) => pictureTitle(panel, what);
  const losses = magnitudeLosses(document);
  const charts: Record<string, ExportedChart> = {
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
  return exportDrawer({ title, document, charts, post });
}
