import type { TemplateResult } from "lit";
import type { PairsDocument } from "../../src/engine/document/document";
import { capital } from "../../src/format/claims";
import { formatNumber } from "../../src/format/numbers";
import { figures, standingsOf, standingsTable } from "../../src/format/pairs";
import type { DataTable } from "../shared/data-table";
import { intervalChart } from "../shared/interval-chart";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

export const standingsChart = "standings-chart";

/** What follows the human scores how well: activations, hidden states, words. */
export function standingsSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const standings = standingsOf(document);
  return section(panel, {
    name: "standings",
    title: "Beside hidden states and words",
    note: "agreement with the human scores, 95 %",
    chart: () =>
      intervalChart({
        id: standingsChart,
        label: "Agreement by what tells how alike the sentences are",
        rows: standings.map(({ name, rho, interval, partial }) => ({
          name: capital(name),
          value: rho,
          interval,
          description:
            `${capital(name)}: agreement ${figures(rho, interval)}` +
            (partial ? `; given tf-idf ${figures(partial.rho, partial.interval)}` : ""),
        })),
        width,
        at: view.standing,
        onMove: (standing) => change({ standing }),
      }),
    table: () => standingsDataTable(document),
    explanation: explanations.standings,
  });
}

export function standingsDataTable(document: PairsDocument): DataTable {
  const { columns, rows } = standingsTable(document);
  return {
    caption: "What follows the human scores",
    columns: columns.map((column, i) => ({ ...column, text: i === 0 })),
    rows,
    format: columns.map(() => formatNumber),
  };
}
