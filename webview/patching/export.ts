import type { TemplateResult } from "lit";
import { siteInWords } from "../../src/format/patching";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { gridSection, gridTable } from "./grid";
import { cellOf, type Panel } from "./panel";
import { placeChart, placeSection, placeTable } from "./place";
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
      picture: (print) => ({
        title: called(`A's activations in B: ${siteInWords[document.site]}`),
        section: gridSection(onPaper(panel, print)),
        up: "layer",
        across: "token of B",
      }),
      table: () => gridTable(panel),
    },
    place: view.opened
      ? {
          name: "This place",
          picture: (print) => ({
            title: called(`next tokens after the patch in ${placeInWords(document, row, column)}`),
            section: placeSection(onPaper(panel, print)),
            chart: placeChart,
            up: "next token",
            across: "probability, in %",
          }),
          table: () => placeTable(panel),
        }
      : undefined,
  };
  return exportDrawer({ title, document, charts, post });
}
