import { nothing, type TemplateResult } from "lit";
import type { AnalysisModule, AnalysisPart, ThresholdDescription } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { printAlike } from "../../src/format/claims";
import { formatCompact, formatCount, formatDensity, formatNumber, formatShare } from "../../src/format/numbers";
import { button } from "../shared/controls";
import { expertChoice } from "../shared/expert-choice";
import type { DataTable } from "../shared/data-table";
import { histogramBars } from "../shared/histogram-bars";
import { barsWithin, histogramChart } from "../shared/histogram-chart";
import { sparkline } from "../shared/sparkline";
import { explanations } from "./explanations";
import { closeMatrix, openedMatrix, type OpenedMatrix } from "./opened-matrix";
import { fullProfileSection } from "./full-profile";
import { imageSection } from "./matrix-image";
import { type GroupedGrid, groupedGrid } from "../../src/format/matrix-grid";
import { meanOf } from "../../src/format/measures";
import { type Panel, twoColumns } from "./panel";
import { section } from "../shared/section";
import { matrixFinding } from "../../src/format/analysis-findings";
import { tableView } from "../shared/table-view";
import { headName, headsToTakeAway } from "./take-away";
import { html } from "../shared/template";

/** The id of the drawing of weights by activation. */
export const histogram = "matrix-histogram";

/** One matrix: its histogram with the threshold, its profiles, its parts and its strongest weights. */
export function matrixSection(panel: Panel): TemplateResult {
  const grid = groupedGrid(panel.document);
  const opened = openedMatrix(panel, grid);
  if (!opened) return html``;
  const { layer, module, active, title } = opened;
  const [out, input] = module.shape;
  const meaning = `${formatDensity(active.density)} of this matrix active`;
  return html`<nav class="path" aria-label="Where you are">
      ${button("Back (Esc)", () => closeMatrix(panel))} ${neighbours(panel, grid)} ${opened.among ? expertChoice(opened.among, (expert) => panel.change({ expert })) : nothing}
    </nav>
    ${section(panel, {
      name: "matrix",
      title: `Layer ${layer} · ${title}`,
      note: `${module.name}, ${formatCount(out)} outputs × ${formatCount(input)} inputs`,
      chart: () =>
        html`<p class="figures">
            <span><b>${formatDensity(active.density)}</b> active</span>
            <span>${formatCount(active.active)} of ${formatCompact(module.parameters)} weights</span>
            <span>mean ${formatNumber(meanOf(module))}</span>
            <span>norm ${formatNumber(module.l2)}</span>
            <span>maximum ${formatNumber(module.max)}</span>
          </p>
          ${histogramChart({
            id: histogram,
            label: `Weights of layer ${layer} ${title} by activation`,
            histogram: module.histogram,
            width: panel.width,
            tau: panel.activity.tau,
            lowest: panel.index.lowest,
            highest: panel.index.highest,
            meaning,
            onThreshold: (tau) => panel.change({ threshold: { mode: "absolute", tau } }),
          })}
          <p class="axis-title">
            activation, logarithmic; an area is a number of weights${notDrawn(module, panel.width)}
          </p>`,
      table: () => matrixTable(opened),
      sentence: matrixFinding(module),
      explanation: explanations.matrix,
    })}
    ${imageSection(panel, opened)} ${profiles(panel, opened)} ${fullProfileSection(panel, opened)} ${parts(module.parts, panel.document.threshold)} ${strongest(module)}`;
}

/** What the histogram has no room for: weights at 0, and the few far below all others. */
function notDrawn({ histogram, zeros }: AnalysisModule, width: number): string {
  const { below, edges } = histogramBars(histogram, barsWithin(width));
  const parts = [
    below > 0 ? `${formatCount(below)} below ${formatNumber(elementAt(edges, 0))}` : "",
    zeros > 0 ? `${formatCount(zeros)} at 0` : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? `; not drawn: ${parts.join(", ")}` : "";
}

function neighbours(panel: Panel, { titles, modulesAt }: GroupedGrid): TemplateResult {
  const { row, column } = panel.view;
  const go = (cell: { row: number; column: number }, label: string) => {
    const known = modulesAt(cell).length > 0;
    return html`<vscode-toolbar-button
      label=${known ? `${label}: layer ${elementAt(panel.document.layers, cell.row).layer} ${elementAt(titles, cell.column)}` : label}
      ?hidden=${!known}
      @click=${() => panel.change(cell)}
      >${label}</vscode-toolbar-button
    >`;
  };
  return html`${go({ row: row - 1, column }, "Shallower")} ${go({ row: row + 1, column }, "Deeper")}
  ${column > 0 ? go({ row, column: column - 1 }, `‹ ${elementAt(titles, column - 1)}`) : nothing}
  ${column < titles.length - 1 ? go({ row, column: column + 1 }, `${elementAt(titles, column + 1)} ›`) : nothing}`;
}

/** What goes through rows, columns and heads; rows and columns have their sums beside the picture, where there is one. */
function profiles(panel: Panel, opened: OpenedMatrix): TemplateResult | typeof nothing {
  const { width } = panel;
  const { rows, columns, heads, shape, sum, image } = opened.module;
  const headNames = heads.map(headName);
  const sides = [
    { title: "Rows (outputs)", values: rows, name: binName("row", shape[0], rows.length) },
    { title: "Columns (inputs)", values: columns, name: binName("column", shape[1], columns.length) },
  ];
  const all = [
    ...(image === undefined ? sides : []),
    {
      title: "Heads",
      values: heads.map((head) => head.sum),
      name: (bin: number) => headNames[bin],
      names: heads.map(({ head, part }) => (part ? `${part} ${head}` : String(head))),
    },
  ].filter(({ values }) => values.length > 0);
  if (all.length === 0) return nothing;
  const perRow = width < twoColumns ? 1 : all.length;
  const sparkWidth = Math.floor((width - 16 * (perRow - 1)) / perRow);
  return html`<section class="section profiles" aria-label=${all.length === 1 ? "Heads" : "Rows, columns and heads"}>
    <div class="spread">
      ${all.map(({ title, values, name, ...labelled }) => {
        const high = Math.max(...values);
        const share = sum > 0 ? high / sum : 0;
        return html`<div>
          <h3>${title}</h3>
          ${sparkline({
            label: title,
            values,
            width: sparkWidth,
            ...labelled,
            describe: (bin) => `${name(bin)}: sum ${formatNumber(elementAt(values, bin))}`,
          })}
          <p class="note">
            ${
              printAlike(formatNumber, high, Math.min(...values))
                ? "all alike"
                : `strongest: ${name(values.indexOf(high))}, ${formatShare(share)} of the activation`
            }
          </p>
        </div>`;
      })}
    </div>
    ${headsToTakeAway(panel, opened)}
  </section>`;
}

/** `row 12`, or `rows 12–14` where a bin holds several. */
function binName(what: string, size: number, bins: number): (bin: number) => string {
  return (bin) => {
    const from = Math.floor((bin * size) / bins);
    const to = Math.floor(((bin + 1) * size) / bins) - 1;
    return from >= to ? `${what} ${formatCount(from)}` : `${what}s ${formatCount(from)}–${formatCount(to)}`;
  };
}

function parts(all: readonly AnalysisPart[], { run, tau }: ThresholdDescription): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  return html`<section class="section" aria-labelledby="parts-title">
    <h3 id="parts-title">Parts <span class="note">densities at the threshold of the run, ${formatNumber((run ?? { tau }).tau)}</span></h3>
    ${tableView({
      caption: "Parts of this fused matrix",
      columns: [
        { title: "Part", text: true },
        ...["Density", "Weights", "Mean", "Norm", "Maximum"].map((title) => ({ title })),
      ],
      rows: all.map((part) => [part.name, part.density, part.parameters, meanOf(part), part.l2, part.max]),
      format: [String, formatDensity, formatCount, formatNumber, formatNumber, formatNumber],
    })}
  </section>`;
}

function strongest({ top }: AnalysisModule): TemplateResult | typeof nothing {
  if (top.length === 0) return nothing;
  return html`<section class="section" aria-labelledby="strongest-title">
    <h3 id="strongest-title">Strongest weights</h3>
    ${tableView({
      caption: "Strongest weights",
      columns: ["Rank", "Row", "Column", "Activation", "Weight"].map((title) => ({ title })),
      rows: top.map(({ row, column, value, weight }, i) => [i + 1, row, column, value, weight]),
      format: [String, formatCount, formatCount, formatNumber, formatNumber],
    })}
  </section>`;
}

export function matrixTable({ layer, title, module }: OpenedMatrix): DataTable {
  const { counts, edges, below } = histogramBars(module.histogram, 48);
  return {
    caption: `Layer ${layer} ${title}: weights by activation`,
    columns: ["Activation from", "to", "Weights", "Share"].map((name) => ({ title: name })),
    rows: [
      [0, edges[0] ?? 0, module.zeros + below, (module.zeros + below) / Math.max(1, module.parameters)],
      ...counts.map((count, i) => [
        elementAt(edges, i),
        elementAt(edges, i + 1),
        count,
        count / Math.max(1, module.parameters),
      ]),
    ],
    format: [formatNumber, formatNumber, formatCount, formatDensity],
  };
}
