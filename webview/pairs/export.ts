import type { TemplateResult } from "lit";
import { exportDrawer, type ExportedChart, pictureTitle, shownChart } from "../shared/export-drawer";
import { pairChart, pairTable } from "./pair";
import { isByContrast, type Panel } from "./panel";
import { rhoChart, rhoTable } from "./rho";
import { pairsTable, scatterId } from "./scatter";
import { standingsChart, standingsDataTable } from "./standings";
import type { ChartName } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function pairsExport(panel: Panel): TemplateResult {
  const { title, document, view, post } = panel;
  const called = (what: string) => pictureTitle(panel, what);
  const likeness = isByContrast(panel) ? "contrast" : "similarity";
  const charts: Record<ChartName, ExportedChart> = {
    scatter: {
      name: "Pairs",
      picture: () => shownChart(scatterId, called(`human score and mean ${likeness} of the deep layers`)),
      table: () => pairsTable(document),
    },
    pair: {
      name: "This pair",
      picture: () =>
        shownChart(pairChart, called(`pair ${view.pair + 1}: similarity (solid), contrast (dashed) by layer`)),
      table: () => pairTable(panel),
    },
    standings: {
      name: "Beside hidden states and words",
      picture: () => shownChart(standingsChart, called("agreement with the human scores, with 95 %")),
      table: () => standingsDataTable(document),
    },
    rho: {
      name: "Layers",
      picture: () => shownChart(rhoChart, called(`agreement of ${likeness} (solid, with 95 %) by layer`)),
      table: () => rhoTable(document),
    },
  };
  return exportDrawer({ title, document, charts, post });
}
