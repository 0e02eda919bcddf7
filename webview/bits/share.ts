import type { TemplateResult } from "lit";
import type { BitsDocument } from "../../src/engine/document/document";
import { formatBytes } from "../../src/engine/numbers/bytes";
import { lossFinding } from "../../src/format/bits";
import { bitsGrid, sharesOf, tensorName } from "../../src/format/bits-grid";
import { formatDensity, formatNumber } from "../../src/format/numbers";
import { barChart } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { roomForLabels } from "../shared/heat-map-layout";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";
import { html } from "../shared/template";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

export const shareChart = "share-chart";

/** What the matrices of each name take of the weights. */
export function shareSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const shares = sharesOf(document);
  const grid = bitsGrid(document);
  const largest = Math.max(...shares.map(({ bytes }) => bytes));
  return section(panel, {
    name: "share",
    title: "What takes the room",
    note: "of the weights",
    chart: () =>
      html`${barChart({
        id: shareChart,
        label: "Matrices of all layers by the bytes that they take. Up and down arrows walk them.",
        bars: shares.map(({ name, bytes, cost }) => ({
          label: name,
          length: bytes / largest,
          text: formatBytes(bytes),
          mark: undefined,
          description: `${name}: ${formatBytes(bytes)}, ${formatDensity(bytes / document.size.bytes)} of the weights${cost === undefined ? "" : `; expected to cost ${formatNumber(cost)}`}`,
        })),
        hasRest: false,
        top: 2,
        width,
        rowHeight: rowHeightOf(shares.length),
        labelWidth: roomForLabels(
          shares.map(({ name }) => name),
          [""],
          width,
        ).left,
        focused: Math.min(view.column, shares.length - 1),
        onFocus: (column) => change({ column }),
        onOpen: (column) => change({ column }),
      })}`,
    table: () => shareTable(document),
    sentence: lossFinding(document, (tensor) => tensorName(grid, tensor)),
    explanation: explanations.share,
  });
}

export function shareTable(document: BitsDocument): DataTable {
  return {
    caption: "What the matrices of each name take",
    columns: [{ title: "Matrices", text: true }, ...["Bytes", "Share", "Expected cost"].map((title) => ({ title }))],
    rows: sharesOf(document).map(({ name, bytes, cost }) => [name, bytes, bytes / document.size.bytes, cost ?? ""]),
    format: [String, formatBytes, formatDensity, formatNumber],
  };
}
