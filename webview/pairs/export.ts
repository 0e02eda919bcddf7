import type { TemplateResult } from "lit";
import { option } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { exportDrawer, shownChart } from "../shared/export-drawer";
import { pairChart, pairTable } from "./pair";
import { isByContrast, type Panel } from "./panel";
import { rhoChart, rhoTable } from "./rho";
import { pairsTable, scatterId } from "./scatter";
import type { ChartName } from "./view-state";

/** Pictures and tables of what is shown, or the whole result. */
export function pairsExport(panel: Panel): TemplateResult {
  const { title, document, view } = panel;
  const called = (what: string) => [title, document.model.name, what].join(" · ");
  const likeness = isByContrast(panel) ? "contrast" : "similarity";
  const charts: Record<ChartName, { name: string; id: string; title: string; table: () => DataTable }> = {
    scatter: {
      name: "Pairs",
      id: scatterId,
      title: called(`human score and mean ${likeness} of the deep layers`),
      table: () => pairsTable(document),
    },
    pair: {
      name: "This pair",
      id: pairChart,
      title: called(`pair ${view.pair + 1}: similarity (solid), contrast (dashed) by layer`),
      table: () => pairTable(panel),
    },
    rho: {
      name: "Layers",
      id: rhoChart,
      title: called(`Spearman's rho of ${likeness} (solid, with 95 %) by layer`),
      table: () => rhoTable(document),
    },
  };
  const of = (chart: string) => charts[chart as ChartName];
  return exportDrawer({
    title,
    document,
    charts: Object.entries(charts).map(([value, { name }]) => option(value, name)),
    picture: (chart) => shownChart(of(chart).id, of(chart).title),
    table: (chart) => of(chart).table(),
    page: () => undefined,
    post: panel.post,
  });
}
