import type { TemplateResult } from "lit";
import { option, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { heatLegend } from "../shared/heat-legend";
import type { HeatMap } from "../shared/heat-cells";
import { heatMap } from "../shared/heat-map";
import { roomForLabels } from "../shared/heat-map-layout";
import { rangeScale } from "../shared/scales";
import { section } from "../shared/section";
import { tokenLabel } from "../shared/token-label";
import { explanations } from "./explanations";
import { describeCell, measures } from "./measures";
import type { Panel } from "./panel";
import { spreadFinding } from "../../src/format/calibration-findings";
import { elementAt } from "../../src/engine/numbers/elements";
import type { MeasureName } from "./view-state";
import { html } from "../shared/template";

/** The heat map: what pruning with the texts of each domain costs on those of each. */
export function studySection(panel: Panel): TemplateResult {
  const { document, view, change } = panel;
  const { map, low, high, what } = studyHeatMap(panel, panel.width);
  return section(panel, {
    name: "study",
    title: "Calibrations",
    note: "a row is calibrated with, a column measured on",
    controls: select({
      label: "What is shown",
      value: view.measure,
      options: Object.entries(measures).map(([value, { name }]) => option(value, name)),
      onChange: (measure) => change({ measure: measure as MeasureName }),
    }),
    chart: () =>
      html`<div class="wide">${heatMap(map)}</div>
        ${heatLegend(map, { low, high, hatching: `Hatching: none is ${low}, solid ${high}`, what })}`,
    table: () => studyTable(panel),
    sentence: spreadFinding(document),
    explanation: explanations.study,
  });
}

/** The heat map, and what the ends of its colours are. */
export function studyHeatMap(
  { document, view, change, theme }: Panel,
  width: number,
): { map: HeatMap; low: string; high: string; what: string } {
  const { calibrations, evaluations } = document;
  const shown = measures[view.measure];
  const { value, format, name } = shown.coloured ?? shown;
  const values = calibrations.map((_, i) => evaluations.map((_, k) => value(document, i, k)));
  const scale = rangeScale(values.flat());
  const labelsOf = (texts: readonly { readonly name: string }[]) => texts.map(({ name }) => tokenLabel(name, 18));
  const [rows, columns] = [labelsOf(calibrations), labelsOf(evaluations)];
  const map: HeatMap = {
    id: "study",
    label: `${shown.name} by calibration and evaluation. Arrow keys walk the cells.`,
    rows,
    columns,
    cells: values.map((row, i) =>
      row.map((coloured, k) => ({
        position: scale.position(coloured),
        text: shown.format(shown.value(document, i, k)),
        describe: () =>
          `Calibrated with ${elementAt(calibrations, i).name}, measured on ${elementAt(evaluations, k).name}: ${describeCell(document, i, k)}`,
      })),
    ),
    width,
    rowHeight: rows.length <= 12 ? 28 : 18,
    labels: roomForLabels(rows, columns, width),
    theme,
    focused: { row: Math.min(view.row, rows.length - 1), column: Math.min(view.column, columns.length - 1) },
    onFocus: ({ row, column }) => change({ row, column }),
    onOpen: ({ row, column }) => change({ row, column }),
  };
  return { map, low: format(scale.low), high: format(scale.high), what: name.charAt(0).toLowerCase() + name.slice(1) };
}

export function studyTable({ document, view }: Panel): DataTable {
  const { calibrations, evaluations, dense } = document;
  const { name, value, format } = measures[view.measure];
  return {
    caption: `${name} by calibration and evaluation`,
    columns: [{ title: "Calibrated with", text: true }, ...evaluations.map(({ name }) => ({ title: name }))],
    rows: [
      ...(view.measure === "perplexity" ? [["nothing, dense", ...dense]] : []),
      ...calibrations.map(({ name }, i) => [name, ...evaluations.map((_, k) => value(document, i, k))]),
    ],
    format: [String, ...evaluations.map(() => format)],
  };
}
