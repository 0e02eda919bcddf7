import type { TemplateResult } from "lit";
import { formatShare } from "../../src/format/numbers";
import { elementAt } from "../../src/engine/numbers/elements";
import { toolbarButton } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import { gridMap } from "./grid";
import { type NextTokens, nextTokensChart } from "./next-tokens";
import { cellOf, type Panel } from "./panel";
import { placeInWords, valueInWords } from "./words";

export const placeChart = "place-chart";

/** What the model says next after the patch at one place, beside what it says of each prompt. */
export function placeSection(panel: Panel): TemplateResult {
  const { document, change, focus, width } = panel;
  const { row, column } = cellOf(panel);
  const back = () => {
    change({ opened: false });
    focus(gridMap);
  };
  return section(panel, {
    name: "place",
    title: `After the patch in ${placeInWords(document, row, column)}`,
    note: valueInWords(document, row, column),
    controls: toolbarButton("Close", "Close the next tokens of this place", back),
    chart: () =>
      nextTokensChart({
        id: placeChart,
        answers: document.answers,
        groups: groupsOf(panel),
        width: Math.min(width, 900),
      }),
    table: () => placeTable(panel),
    explanation: explanations.place,
  });
}

function groupsOf(panel: Panel): NextTokens[] {
  const { a, b, nextTokens } = panel.document;
  const { row, column } = cellOf(panel);
  return [
    { title: "B with the patch", tokens: elementAt(elementAt(nextTokens, row), column) },
    { title: "A by itself", tokens: a.nextTokens },
    { title: "B by itself", tokens: b.nextTokens },
  ];
}

export function placeTable(panel: Panel): DataTable {
  const groups = groupsOf(panel);
  const places = Math.max(...groups.map(({ tokens }) => tokens.length));
  return {
    caption: "Next tokens",
    columns: [{ title: "Place" }, ...groups.flatMap(({ title }) => [{ title, text: true }, { title: "Probability" }])],
    rows: Array.from({ length: places }, (_, i) => [
      i + 1,
      ...groups.flatMap(({ tokens }): (string | number)[] => {
        const token = tokens.at(i);
        return token ? [JSON.stringify(token.text), token.probability] : ["", ""];
      }),
    ]),
    format: [String, ...groups.flatMap(() => [String, formatShare])],
  };
}
