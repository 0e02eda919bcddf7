import type { TemplateResult } from "lit";
import { siteInWords } from "../../src/format/patching";
import { exportDrawer, type ExportedChart, paperOf, pictureTitle, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { gridHeatMap, gridTable } from "./grid";
import { cellOf, type Panel } from "./panel";
import { placeChart, placeTable } from "./place";
import type { ChartName } from "./view-state";
import { placeInWords } from "./words";

/** Pictures and tables of what is shown, or the whole result. */
export function patchingExport(panel: Panel): TemplateResult {
  const { title, document, view, post } = panel;
  const called = (what: string) => pictureTitle(panel, what);
  const { row, column } = cellOf(panel);
  const charts: Record<ChartName, ExportedChart | undefined> = {
    grid: {
      name: "Layers and positions",
      picture: () =>
        heatMapSvg(gridHeatMap(panel, 640), paperOf(called(`A's activations in B: ${siteInWords[document.site]}`))),
      table: () => gridTable(panel),
    },
    place: view.opened
      ? {
          name: "This place",
          picture: () =>
            shownChart(placeChart, called(`next tokens after the patch in ${placeInWords(document, row, column)}`)),
          table: () => placeTable(panel),
        }
      : undefined,
  };
  return exportDrawer({ title, document, charts, post });
}
