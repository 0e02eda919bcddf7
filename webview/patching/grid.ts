import { nothing, type TemplateResult } from "lit";
import { formatNumber } from "../../src/format/numbers";
import { elementAt } from "../../src/engine/numbers/elements";
import { carriedSentence } from "../../src/format/patching";
import type { DataTable } from "../shared/data-table";
import type { HeatCell, HeatMap } from "../shared/heat-cells";
import { heatMap } from "../shared/heat-map";
import { roomForLabels } from "../shared/heat-map-layout";
import { heatLegend } from "../shared/heat-legend";
import { rowHeightOf } from "../shared/row-height";
import { clamp } from "../shared/scales";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import { cellOf, type Panel } from "./panel";
import { describePlace, positionLabel } from "./words";
import { html } from "../shared/template";

/** The id of the heat map of places, to move the focus to. */
export const gridMap = "grid-map";

/** The heat map: layers down, positions across, by how much of A's answer comes back. */
export function gridSection(panel: Panel): TemplateResult {
  const { document } = panel;
  const differs = document.grid !== null;
  const map = gridHeatMap(panel, panel.width);
  return section(panel, {
    name: "grid",
    title: "Layers and positions",
    note: differs ? "how much of A's answer comes back" : "difference of logits",
    chart: () =>
      html`${
        differs
          ? nothing
          : html`<p>
              The two runs do not differ in these answers: there is nothing that a patch could bring back. What is shown is the difference
              of the logits of the two answers after each patch.
            </p>`
      }
        <div class="wide"><div id=${gridMap} class="focus-target" tabindex="-1">${heatMap(map)}</div></div>
        ${legend(map, document)}`,
    table: () => gridTable(panel),
    sentence: carriedSentence(document),
    explanation: explanations.grid,
  });
}

/** The heat map of what a patch does: layers down, positions across. */
export function gridHeatMap(panel: Panel, width: number): HeatMap {
  const { document, view, theme, change, focus } = panel;
  const { grid, values, b } = document;
  const shown = grid ?? values;
  const furthest = grid ? 1 : furthestOf(values);
  const rows = shown.map((_, layer) => String(layer));
  const columns = b.tokens.map((_, position) => positionLabel(document, position));
  return {
    id: "grid",
    label:
      "Layers down, positions across. Arrow keys walk the cells, Enter shows the next tokens after the patch there.",
    rows,
    columns,
    cells: shown.map((row, layer) =>
      row.map((value, position): HeatCell => ({
        position: clamp(0.5 + value / furthest / 2),
        text: (Object.is(Number(value.toFixed(2)), -0) ? 0 : value).toFixed(2).replace("-", "−"),
        describe: () => describePlace(document, layer, position),
      })),
    ),
    width,
    rowHeight: rowHeightOf(shown.length),
    labels: roomForLabels(rows, columns, width),
    theme,
    diverges: true,
    focused: cellOf(panel),
    onFocus: ({ row, column }) => change({ row, column }),
    onOpen: ({ row, column }) => {
      change({ row, column, opened: true });
      if (!view.opened) focus("place-title");
    },
  };
}

function legend(map: HeatMap, { grid, values }: Panel["document"]): TemplateResult {
  const furthest = formatNumber(grid ? 1 : furthestOf(values));
  const what = grid ? "0 in the middle is B by itself, 1 is A by itself" : "logit of A's answer less that of B's";
  return heatLegend(map, {
    low: grid ? "−1 away from A" : `−${furthest}`,
    high: grid ? "1 as A" : furthest,
    hatching: grid
      ? "Hatching leans right towards A, left away from it: solid is 1, none is 0"
      : `Hatching leans right above 0, left below it: solid is ${furthest}, none is 0`,
    what,
  });
}

function furthestOf(values: readonly (readonly number[])[]): number {
  return Math.max(...values.flat().map(Math.abs)) || 1;
}

export function gridTable({ document }: Panel): DataTable {
  const { a, b, grid, values, nextTokens } = document;
  return {
    caption: "Layers and positions",
    columns: [
      { title: "Layer" },
      { title: "Position" },
      { title: "A", text: true },
      { title: "B", text: true },
      ...(grid ? [{ title: "Share of A" }] : []),
      { title: "Difference of logits" },
      { title: "Next token", text: true },
      { title: "Probability" },
    ],
    rows: values.flatMap((row, layer) =>
      row.map((value, position) => {
        const next = elementAt(elementAt(nextTokens, layer), position).at(0);
        return [
          layer,
          position,
          JSON.stringify(elementAt(a.tokens, position).text),
          JSON.stringify(elementAt(b.tokens, position).text),
          ...(grid ? [elementAt(elementAt(grid, layer), position)] : []),
          value,
          next ? JSON.stringify(next.text) : "",
          next?.probability ?? "",
        ];
      }),
    ),
    format: [String, String, String, String, ...(grid ? [formatNumber] : []), formatNumber, String, formatNumber],
  };
}
