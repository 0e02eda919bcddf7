import { nothing, type TemplateResult } from "lit";
import { profileFinding } from "../../src/format/analysis-findings";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatCount, formatNumber, formatShare } from "../../src/format/numbers";
import type { ProfileState } from "../../src/pages/analysis";
import { button } from "../shared/controls";
import { csv } from "../../src/format/csv";
import type { DataTable } from "../shared/data-table";
import { profileChart } from "../shared/profile-chart";
import { explanations } from "./explanations";
import { onDemand } from "./on-demand";
import type { OpenedMatrix } from "./opened-matrix";
import type { Panel } from "./panel";
import { section } from "../shared/section";
import type { Along } from "./view-state";
import { html } from "../shared/template";

type Done = Extract<ProfileState, { phase: "done" }>;

/** A table with more rows is of no use; CSV has them all. */
const mostRows = 1000;

/** Every row's and column's sum of one matrix, asked for from the scoring process: it is not part of the result. */
export function fullProfileSection(panel: Panel, opened: OpenedMatrix): TemplateResult | typeof nothing {
  if (!panel.inEditor) return nothing;
  const profile = profileOf(panel, opened);
  if (profile?.phase === "done") return charts(panel, opened, profile);
  return onDemand(panel, profile, {
    name: "full-profile",
    what: "the full profile",
    offer: "Open full profile",
    note: "the sum of every single row and column, to walk and to export",
    meanwhile: "The full profile of this result is not in memory any more: its text is run again.",
    open: () => panel.post({ type: "openProfile", layer: opened.layer, matrix: opened.module.name }),
    cancel: () => panel.post({ type: "cancelProfile" }),
  });
}

/** The full profile of the opened matrix, if it was asked for. */
export function profileOf({ profile }: Panel, { layer, module }: OpenedMatrix): ProfileState | undefined {
  return profile?.layer === layer && profile.matrix === module.name ? profile : undefined;
}

function charts(panel: Panel, opened: OpenedMatrix, profile: Done): TemplateResult {
  const { view, width, change } = panel;
  const chart = (along: Along, title: string) => {
    const values = profile[along];
    return html`<h3>${title}</h3>
      ${profileChart({
        id: `profile-${along}`,
        label: title,
        values,
        width,
        ...view.profile[along],
        describe: (index) => describe(along, index, elementAt(values, index), opened.module.sum),
        onChange: (next) => change({ profile: { ...view.profile, [along]: next } }),
      })}`;
  };
  const [rows, columns] = [profile.rows.length, profile.columns.length];
  return section(panel, {
    name: "profile",
    title: "Full profile",
    note: `${formatCount(rows)} rows, ${formatCount(columns)} columns`,
    controls: button("CSV", () => {
      const name = `${panel.title} layer ${opened.layer} ${opened.title} profile.csv`.replace(/[\\/:*?"<>|]/g, "_");
      panel.post({ type: "export", format: "csv", name, content: csv(profileTable(opened, profile)) });
    }),
    chart: () => html`${chart("rows", "Rows (outputs)")} ${chart("columns", "Columns (inputs)")}`,
    table: () => strongest(profileTable(opened, profile)),
    sentence: profileFinding(profile),
    explanation: explanations.profile,
  });
}

function describe(along: Along, index: number, sum: number, total: number): string {
  const name = along === "rows" ? "Row" : "Column";
  const share = total > 0 ? `, ${formatShare(sum / total)} of the matrix` : "";
  return `${name} ${formatCount(index)}: sum ${formatNumber(sum)}${share}`;
}

/** All rows, then all columns. */
function profileTable({ layer, title, module }: OpenedMatrix, profile: Done): DataTable {
  const share = (sum: number) => (module.sum > 0 ? sum / module.sum : 0);
  return {
    caption: `Layer ${layer} ${title}: sums of activations`,
    columns: [{ title: "Along", text: true }, { title: "Index" }, { title: "Sum" }, { title: "Share of the matrix" }],
    rows: [
      ...profile.rows.map((sum, i) => ["row", i, sum, share(sum)]),
      ...profile.columns.map((sum, i) => ["column", i, sum, share(sum)]),
    ],
    format: [String, formatCount, formatNumber, formatShare],
  };
}

function strongest(table: DataTable): DataTable {
  const rows = [...table.rows].sort((a, b) => Number(b[2]) - Number(a[2])).slice(0, mostRows);
  const caption =
    rows.length < table.rows.length ? `${table.caption}, the strongest ${formatCount(mostRows)}` : table.caption;
  return { ...table, caption, rows };
}
