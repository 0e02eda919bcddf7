import type { TemplateResult } from "lit";
import { siteInWords } from "../../src/format/patching";
import { option } from "../shared/controls";
import { exportDrawer, paperOf, shownChart } from "../shared/export-drawer";
import { heatMapSvg } from "../shared/heat-map-svg";
import { gridHeatMap, gridTable } from "./grid";
import { cellOf, type Panel } from "./panel";
import { placeChart, placeTable } from "./place";
import { placeInWords } from "./words";

/** Pictures and tables of what is shown, or the whole result. */
export function patchingExport(panel: Panel): TemplateResult {
  const { title, document, view, post } = panel;
  const called = (what: string) => [title, document.model.name, what].join(" · ");
  const { row, column } = cellOf(panel);
  return exportDrawer({
    title,
    document,
    charts: [option("grid", "Layers and positions"), ...(view.opened ? [option("place", "This place")] : [])],
    picture: (chart) =>
      chart === "grid"
        ? heatMapSvg(gridHeatMap(panel, 640), paperOf(called(`A's activations in B: ${siteInWords[document.site]}`)))
        : shownChart(placeChart, called(`next tokens after the patch in ${placeInWords(document, row, column)}`)),
    table: (chart) => (chart === "grid" ? gridTable(panel) : placeTable(panel)),
    post,
  });
}
