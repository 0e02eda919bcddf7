import { nothing, type TemplateResult } from "lit";
import type { BitsDocument } from "../../src/engine/document/document";
import { chosenOption, formatBits } from "../../src/format/bits";
import { bitsGrid, type BitsTensor, tensorName } from "../../src/format/bits-grid";
import { formatNumber } from "../../src/format/numbers";
import { formatBytes } from "../../src/engine/numbers/bytes";
import type { DataTable } from "../shared/data-table";
import type { HeatMap } from "../shared/heat-cells";
import { heatLegend } from "../shared/heat-legend";
import { heatMap } from "../shared/heat-map";
import { roomForNames } from "../shared/heat-map-layout";
import { layerWalk } from "../shared/layer-cells";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";
import { html } from "../shared/template";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

/** Bits of a weight in the format that a tensor has. */
export function bitsOf(tensor: BitsTensor): number {
  return (8 * (chosenOption(tensor)?.bytes ?? 0)) / tensor.parameters;
}

/** Layers down, matrices across: the format of each, coloured by its bits. */
export function formatsSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, theme, width } = panel;
  const map = formatsMap(panel, width);
  if (map.rows.length === 0) return nothing;
  const bits = document.tensors.map(bitsOf);
  const [low, high] = [Math.min(...bits), Math.max(...bits)].map((value) => `${formatBits(value)} bits`);
  const { outside } = bitsGrid(document);
  return section(panel, {
    name: "formats",
    title: "Formats",
    note: "of every matrix",
    chart: () =>
      html`<div class="wide">${heatMap(map)}</div>
        ${heatLegend({ theme }, { low: low ?? "", high: high ?? "", hatching: `Hatching: none is ${low}, solid ${high}`, what: "of a weight" })}`,
    table: () => formatsTable(document),
    sentence: outside
      .map((tensor) => `The ${tensorName(bitsGrid(document), tensor)} is in ${tensor.format}.`)
      .join(" "),
    explanation: explanations.formats,
  });
}

export function formatsMap(panel: Panel, width: number): HeatMap {
  const { document, theme } = panel;
  const grid = bitsGrid(document);
  const bits = document.tensors.map(bitsOf);
  const [low, high] = [Math.min(...bits), Math.max(...bits)];
  const cells = {
    rows: grid.rows.map(({ layer }) => String(layer)),
    columns: grid.titles,
    cells: grid.rows.map(({ tensors }) =>
      tensors.map(
        (tensor) =>
          tensor && {
            position: high > low ? (bitsOf(tensor) - low) / (high - low) : 0,
            text: tensor.format,
            describe: () => describe(tensorName(grid, tensor), tensor),
          },
      ),
    ),
    rowHeight: rowHeightOf(grid.rows.length),
  };
  return {
    id: "formats",
    label: "Formats by layer and matrix. Arrow keys walk the cells.",
    ...cells,
    width,
    labels: roomForNames(cells.rows, cells.columns, width),
    theme,
    ...layerWalk(panel, cells),
  };
}

/** `layer 3 down: Q5_0, 5.5 bits, 608 kB. Expected to cost 0.12; in Q4_0 0.31, in Q8_0 0.002` */
function describe(name: string, tensor: BitsTensor): string {
  const chosen = chosenOption(tensor);
  const costs = tensor.options
    .filter(({ cost, format }) => cost !== null && format !== tensor.format)
    .map(({ format, cost }) => `in ${format} ${formatNumber(cost ?? 0)}`);
  const own = chosen?.cost == null ? "" : ` Expected to cost ${formatNumber(chosen.cost)}`;
  const others = own === "" || costs.length === 0 ? "" : `; ${costs.join(", ")}`;
  return `${name}: ${tensor.format}, ${formatBits(bitsOf(tensor))} bits, ${formatBytes(chosen?.bytes ?? 0)}.${own}${others}`;
}

export function formatsTable(document: BitsDocument): DataTable {
  const grid = bitsGrid(document);
  return {
    caption: "Formats of matrices",
    columns: [
      { title: "Matrix", text: true },
      { title: "Format", text: true },
      ...["Bits", "Bytes", "Expected cost", "Output error"].map((title) => ({ title })),
    ],
    rows: document.tensors.map((tensor) => {
      const chosen = chosenOption(tensor);
      return [
        tensorName(grid, tensor),
        tensor.format,
        bitsOf(tensor),
        chosen?.bytes ?? "",
        chosen?.cost ?? "",
        chosen?.outputError ?? "",
      ];
    }),
    format: [String, String, formatBits, formatBytes, formatNumber, formatNumber],
  };
}
