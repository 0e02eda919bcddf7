import { nothing, type TemplateResult } from "lit";
import type { ComparisonHead, ComparisonModule } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { type ComparedHead, matrixFinding } from "../../src/format/comparison-findings";
import { formatCompact, formatCount, formatNumber, formatShare } from "../../src/format/numbers";
import { button } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { groupedGrid } from "../../src/format/matrix-grid";
import { numberedName } from "../../src/format/matrix-names";
import { expertChoice } from "../shared/expert-choice";
import { pairedBars } from "../shared/paired-bars";
import { section } from "../shared/section";
import { tableView } from "../shared/table-view";
import { explanations } from "./explanations";
import { meanOf } from "../../src/format/balance";
import { closeMatrix } from "./opening";
import type { Panel } from "./panel";
import { html } from "../shared/template";

export const headsChart = "heads-chart";

/** The matrix in the place of the heat map. */
export interface OpenedMatrix {
  readonly layer: number;
  readonly module: ComparisonModule;
  /** `q` for `self_attn.q_proj`. */
  readonly title: string;
  /** Of an expert's matrix: whose it is, and which experts there are. */
  readonly among?: { readonly expert: number; readonly experts: readonly number[] };
}

/** The matrix that the view stands on; of experts' that of the expert that is chosen, else of the one with most activation. */
export function openedMatrix({ document, view }: Panel): OpenedMatrix | undefined {
  const grid = groupedGrid(document);
  const { layer, modules: all } = elementAt(document.layers, view.row);
  const modules = grid.modulesAt(view).map((index) => elementAt(all, index));
  if (modules.length === 0) return undefined;
  const expertOf = ({ name }: ComparisonModule): number => numberedName(name).expert ?? 0;
  const most = modules.reduce((x, y) => (y.a + y.b > x.a + x.b ? y : x));
  const module = modules.find((each) => expertOf(each) === view.expert) ?? most;
  return {
    layer,
    module,
    title: grid.titleOf(module.name),
    ...(grid.isGroup(view.column) && { among: { expert: expertOf(module), experts: modules.map(expertOf) } }),
  };
}

/** One matrix: its heads side by side, and the weights that only one side activates. */
export function matrixSection(panel: Panel): TemplateResult {
  const opened = openedMatrix(panel);
  if (!opened) return html``;
  const { layer, module, title } = opened;
  return html`<nav class="path" aria-label="Where you are">
      ${button("Back (Esc)", () => closeMatrix(panel))}
      ${opened.among ? expertChoice(opened.among, (expert) => panel.change({ expert })) : nothing}
    </nav>
    ${section(panel, {
      name: "matrix",
      title: `Layer ${layer} · ${title}`,
      note: `${module.name}, ${formatCompact(module.parameters)} weights`,
      chart: () =>
        html`<p class="figures">
            <span>similarity <b>${formatNumber(module.similarity)}</b></span>
            <span>overlap ${formatNumber(module.overlap)}</span>
            <span>mean activation A ${formatNumber(meanOf(module, "a"))}, B ${formatNumber(meanOf(module, "b"))}</span>
          </p>
          ${heads(panel, opened)}`,
      table: () => (module.heads.length > 0 ? headsTable(opened) : exclusiveTable(opened)),
      sentence: matrixFinding(module, comparedHeads(module)),
      explanation: explanations.matrix,
    })}
    <div class="columns">${exclusive("A", module)} ${exclusive("B", module)}</div>`;
}

function heads(panel: Panel, { layer, title, module }: OpenedMatrix): TemplateResult | typeof nothing {
  if (module.heads.length === 0) return nothing;
  return html`<h3>Heads <span class="note">part of the matrix's activation</span></h3>
    ${pairedBars({
      id: headsChart,
      label: `Heads of layer ${layer} ${title} in A and B`,
      bars: module.heads.map((head) => {
        const [a, b] = partsOf(head, module);
        return {
          label: head.part ? `${head.part} ${head.head}` : String(head.head),
          a,
          b,
          description: `${headName(head)}: A ${formatShare(a)}, B ${formatShare(b)} of the matrix, similarity ${formatNumber(head.similarity)}`,
        };
      }),
      width: panel.width,
      at: panel.view.head,
      onMove: (head) => panel.change({ head }),
    })}`;
}

function headName({ head, part }: ComparisonHead): string {
  return part ? `Head ${head} of ${part}` : `Head ${head}`;
}

function partsOf({ a, b }: ComparisonHead, module: ComparisonModule): [number, number] {
  return [module.a > 0 ? a / module.a : 0, module.b > 0 ? b / module.b : 0];
}

/** The largest part of the matrix that a head has on either side. */
export function highestHead({ module }: OpenedMatrix): number {
  return Math.max(0, ...module.heads.flatMap((head) => partsOf(head, module)));
}

function exclusive(side: "A" | "B", { onlyA, onlyB }: ComparisonModule): TemplateResult {
  const parameters = side === "A" ? onlyA : onlyB;
  return html`<section class="section" aria-labelledby="only-${side}-title">
    <h3 id="only-${side}-title">Strongest weights in the top set of ${side} only</h3>
    ${
      parameters.length === 0
        ? html`<p class="note">None: its strongest weights are in the top set of both.</p>`
        : tableView({
            caption: `Strongest weights in the top set of ${side} only`,
            columns: ["Row", "Column", "A", "B"].map((title) => ({ title })),
            rows: parameters.map(({ row, column, a, b }) => [row, column, a, b]),
            format: [formatCount, formatCount, formatNumber, formatNumber],
          })
    }
  </section>`;
}

function comparedHeads(module: ComparisonModule): ComparedHead[] {
  return module.heads.map((head) => {
    const [a, b] = partsOf(head, module);
    return { name: headName(head), similarity: head.similarity, a, b };
  });
}

export function headsTable({ layer, title, module }: OpenedMatrix): DataTable {
  return {
    caption: `Layer ${layer} ${title}: heads`,
    columns: [{ title: "Head", text: true }, { title: "Similarity" }, { title: "Part of A" }, { title: "Part of B" }],
    rows: module.heads.map((head) => [headName(head), head.similarity, ...partsOf(head, module)]),
    format: [String, formatNumber, formatShare, formatShare],
  };
}

function exclusiveTable({ layer, title, module }: OpenedMatrix): DataTable {
  return {
    caption: `Layer ${layer} ${title}: weights of one side only`,
    columns: [{ title: "Only", text: true }, ...["Row", "Column", "A", "B"].map((name) => ({ title: name }))],
    rows: [
      ...module.onlyA.map(({ row, column, a, b }) => ["A", row, column, a, b]),
      ...module.onlyB.map(({ row, column, a, b }) => ["B", row, column, a, b]),
    ],
    format: [String, formatCount, formatCount, formatNumber, formatNumber],
  };
}
