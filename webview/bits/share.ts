import type { TemplateResult } from "lit";
import type { BitsDocument } from "../../src/engine/document/document";
import { formatBytes } from "../../src/engine/numbers/bytes";
import { chosenOption, lossFinding } from "../../src/format/bits";
import { bitsGrid, tensorName } from "../../src/format/bits-grid";
import { formatDensity, formatNumber } from "../../src/format/numbers";
import { barChart } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";
import { html } from "../shared/template";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

export const shareChart = "share-chart";

/** What the tensors of one name take of the file together. */
interface NamedShare {
  readonly name: string;
  readonly bytes: number;
  /** What storing them so is expected to cost; undefined: not measured. */
  readonly cost: number | undefined;
}

/** The matrices of one name of all layers, and those outside, by what they take: the largest first. */
export function sharesOf(document: BitsDocument): NamedShare[] {
  const grid = bitsGrid(document);
  const columns = grid.titles.map((name, column) => ({
    name,
    tensors: grid.rows.flatMap(({ tensors }) => tensors[column] ?? []),
  }));
  const outside = grid.outside.map((tensor) => ({ name: tensorName(grid, tensor), tensors: [tensor] }));
  return [...columns, ...outside]
    .map(({ name, tensors }) => {
      const costs = tensors.map((tensor) => chosenOption(tensor)?.cost ?? undefined);
      return {
        name,
        bytes: tensors.reduce((sum, tensor) => sum + (chosenOption(tensor)?.bytes ?? 0), 0),
        cost: costs.every((cost) => cost !== undefined) ? costs.reduce((sum, cost) => sum + cost, 0) : undefined,
      };
    })
    .sort((a, b) => b.bytes - a.bytes);
}

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
