import type { TemplateResult } from "lit";
import { exportDrawer, type ExportedChart, pictureTitle } from "../shared/export-drawer";
import { onPaper } from "../shared/print";
import { pairChart, pairSection, pairTable } from "./pair";
import { isByContrast, type Panel } from "./panel";
import { rhoChart, rhoSection, rhoTable } from "./rho";
import { pairsTable, scatterId, scatterSection } from "./scatter";
import { standingsChart, standingsDataTable, standingsSection } from "./standings";
import type { ChartName } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function pairsExport(panel: Panel): TemplateResult {
  const { title, document, view, post } = panel;
  const called = (what: string) => pictureTitle(panel, what);
  const likeness = isByContrast(panel) ? "contrast" : "similarity";
  const charts: Record<ChartName, ExportedChart> = {
    scatter: {
      name: "Pairs",
      picture: (print) => ({
        title: called(`human score and mean ${likeness} of the deep layers`),
        section: scatterSection(onPaper(panel, print)),
        chart: scatterId,
      }),
      table: () => pairsTable(document),
    },
    pair: {
      name: "This pair",
      picture: (print) => ({
        title: called(`pair ${view.pair + 1}, likeness by layer`),
        section: pairSection(onPaper(panel, print)),
        chart: pairChart,
        up: "likeness: 1 is the same, 0 nothing in common",
      }),
      table: () => pairTable(panel),
    },
    standings: {
      name: "Beside hidden states and words",
      picture: (print) => ({
        title: called("agreement with the human scores, with 95 % intervals"),
        section: standingsSection(onPaper(panel, print)),
        chart: standingsChart,
        up: "what tells how alike the sentences are",
        across: "agreement with the human scores (rank correlation)",
      }),
      table: () => standingsDataTable(document),
    },
    rho: {
      name: "Layers",
      picture: (print) => ({
        title: called(`agreement of ${likeness} with the human scores by layer`),
        section: rhoSection(onPaper(panel, print)),
        chart: rhoChart,
        up: "agreement with the human scores (rank correlation)",
      }),
      table: () => rhoTable(document),
    },
  };
  return exportDrawer({ title, document, charts, post });
}
