import { nothing, type TemplateResult } from "lit";
import type { BitsDocument } from "../../src/engine/document/document";
import { chosenOption, formatBits } from "../../src/format/bits";
import { bitsGrid, type BitsTensor, roundingCosts, tensorName } from "../../src/format/bits-grid";
import { formatNumber } from "../../src/format/numbers";
import { formatBytes } from "../../src/engine/numbers/bytes";
import { option, select } from "../shared/controls";
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

/** What the colours of the heat map are of. */
interface Colours {
  /** 0 … 1 */
  readonly positionOf: (tensor: BitsTensor) => number;
  readonly low: string;
  readonly high: string;
  readonly what: string;
}

/** What rounding would cost, logarithmic, where that was measured and not bits are looked at; else the bits of the formats. */
function coloursOf({ document, view }: Pick<Panel, "document" | "view">): Colours {
  const inside = document.tensors.filter(({ layer }) => layer !== null);
  const costs = view.colours === "cost" ? roundingCosts(document) : undefined;
  if (costs !== undefined) {
    const known = inside.map((tensor) => costs.costOf(tensor) ?? 0).filter((cost) => cost > 0);
    if (known.length > 0) {
      const [low, high] = [Math.min(...known), Math.max(...known)];
      const scaled = scaleOf(Math.log(low), Math.log(high));
      return {
        positionOf: (tensor) => scaled(Math.log(Math.max(costs.costOf(tensor) ?? low, low))),
        low: formatNumber(low),
        high: formatNumber(high),
        what: `what rounding a weight would cost, all in ${costs.format}, logarithmic`,
      };
    }
  }
  const bits = document.tensors.map(bitsOf);
  const [low, high] = [Math.min(...bits), Math.max(...bits)];
  const scaled = scaleOf(low, high);
  return {
    positionOf: (tensor) => scaled(bitsOf(tensor)),
    low: `${formatBits(low)} bits`,
    high: `${formatBits(high)} bits`,
    what: "of a weight",
  };
}

const scaleOf =
  (low: number, high: number) =>
  (value: number): number =>
    high > low ? (value - low) / (high - low) : 0;

/** Layers down, matrices across: the format of each, before the colour of what rounding it would cost. */
export function formatsSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, theme, width } = panel;
  const map = formatsMap(panel, width);
  if (map.rows.length === 0) return nothing;
  const { low, high, what } = coloursOf(panel);
  const { outside } = bitsGrid(document);
  return section(panel, {
    name: "formats",
    title: "Formats",
    note: "of every matrix",
    chart: () =>
      html`${colourChoice(panel)}
        <div class="wide">${heatMap(map)}</div>
        ${heatLegend({ theme }, { low, high, hatching: `Hatching: none is ${low}, solid ${high}`, what })}`,
    table: () => formatsTable(document),
    sentence: outside
      .map((tensor) => `The ${tensorName(bitsGrid(document), tensor)} is in ${tensor.format}.`)
      .join(" "),
    explanation: explanations.formats,
  });
}

/** What the colours are of, where there is a choice. */
function colourChoice({ document, view, change }: Panel): TemplateResult | typeof nothing {
  if (roundingCosts(document) === undefined) return nothing;
  return html`<div class="controls">
    <div class="control">
      <span class="field-label" aria-hidden="true">Colours</span>
      ${select({
        label: "Colours of the formats",
        value: view.colours,
        options: [option("cost", "Cost of rounding"), option("bits", "Bits")],
        onChange: (colours) => change({ colours: colours as Panel["view"]["colours"] }),
      })}
    </div>
  </div>`;
}

export function formatsMap(panel: Panel, width: number): HeatMap {
  const { document, theme } = panel;
  const grid = bitsGrid(document);
  const { positionOf } = coloursOf(panel);
  const cells = {
    rows: grid.rows.map(({ layer }) => String(layer)),
    columns: grid.titles,
    cells: grid.rows.map(({ tensors }) =>
      tensors.map(
        (tensor) =>
          tensor && {
            position: positionOf(tensor),
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
