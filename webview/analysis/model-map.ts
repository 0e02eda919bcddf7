import { nothing, type TemplateResult } from "lit";
import type { AnalysisDocument, AnalysisModule } from "../../src/engine/document/document";
import { elementAt, zip } from "../../src/engine/numbers/elements";
import { branchesOf, type Group } from "../../src/format/block-branches";
import { groupedGrid } from "../../src/format/matrix-grid";
import { shortNamesIn } from "../../src/format/matrix-names";
import { activeTogether, meanOf } from "../../src/format/measures";
import { blockFinding } from "../../src/format/block-finding";
import { formatDensity, formatShare } from "../../src/format/numbers";
import { formatRatio, shortRatio } from "../../src/format/typical-findings";
import { type Colour, colourIn, css } from "../shared/colour-scale";
import type { DataTable } from "../shared/data-table";
import { moveCell } from "../shared/grid-keys";
import { linearScale, type Scale } from "../shared/scales";
import { section } from "../shared/section";
import { html, svg } from "../shared/template";
import { hideTooltip, showTooltip } from "../shared/tooltip";
import { matrixRatios, shownMeasure, typicalOf } from "./beside-typical";
import { ratioScale } from "../shared/ratio-scale";
import { blockPicture, type Box, type BranchOfPicture, type Inside, pooled } from "./block-picture";
import { explanations } from "./explanations";
import { openMatrix } from "./opened-matrix";
import { type Panel, twoColumns } from "./panel";

/** The stack of layers, and one block of it as a picture: lines as thick as the share of the activation, colours by the ratio to typical texts. */
export function modelMapSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, view, width } = panel;
  if (document.layers.length === 0) return nothing;
  const described = elementAt(document.layers, view.row);
  const colouring = colouringOf(panel);
  const all = sumOf(document);
  const stackWidth = width < twoColumns ? 64 : 120;
  return section(panel, {
    name: "model",
    title: `Layer ${described.layer} in the model`,
    note: `thick: a large share of the activation; ${coloursOf(panel)}`,
    chart: () =>
      html`<div class="model-map">
        ${stack(panel, { colouring, all, width: stackWidth })}
        ${blockPicture(branches(panel, colouring), {
          width: width - stackWidth - 24,
          label: `Layer ${described.layer}: its matrices. Each opens.`,
        })}
      </div>`,
    table: () => blockTable(panel),
    sentence: blockFinding(described, {
      all,
      ratio: typicalOf(document)?.ratios.layer[view.row],
      shortName: shortNamesIn(document.layers),
    }),
    explanation: explanations.model,
  });
}

function coloursOf(panel: Panel): string {
  return shownMeasure(panel) === "typical" ? "blue: more than usual, orange: less" : "dark to light by density";
}

function sumOf({ layers }: AnalysisDocument): number {
  return layers.reduce((all, { sum }) => all + sum, 0);
}

/** How matrices are coloured, and what stands beside their names. */
interface Colouring {
  readonly colour: (row: number, places: readonly number[]) => Colour;
  readonly figure: (row: number, places: readonly number[]) => string;
  readonly layer: (row: number) => Colour;
}

function colouringOf(panel: Panel): Colouring {
  const { document, activity, theme } = panel;
  const typical = typicalOf(document);
  if (typical && shownMeasure(panel) === "typical") {
    const scale = ratioScale(typical.ratios.matrix);
    const ratioAt = matrixRatios(document, typical);
    const diverging = (ratio: number) => colourIn({ theme, diverges: true }, scale.position(ratio));
    return {
      colour: (row, places) => diverging(ratioAt(row, places)),
      figure: (row, places) => shortRatio(ratioAt(row, places)),
      layer: (row) => diverging(elementAt(typical.ratios.layer, row)),
    };
  }
  const density = (row: number, places: readonly number[]) =>
    activeTogether(places.map((place) => elementAt(elementAt(activity.layers, row).modules, place))).density;
  const scale: Scale = linearScale(activity.layers.flatMap(({ modules }) => modules.map((module) => module.density)));
  return {
    colour: (row, places) => colourIn({ theme }, scale.position(density(row, places))),
    figure: (row, places) => formatDensity(density(row, places)),
    layer: (row) => colourIn({ theme }, scale.position(elementAt(activity.layers, row).density)),
  };
}

const rowRoom = 260;

/** All layers, the last above: as wide as their share of the activation. */
function stack(
  panel: Panel,
  { colouring, all, width }: { readonly colouring: Colouring; readonly all: number; readonly width: number },
): TemplateResult {
  const { document, view, change } = panel;
  const { layers } = document;
  const most = layers.reduce((max, { sum }) => Math.max(max, sum), 0);
  const step = Math.max(3, Math.min(16, rowRoom / layers.length));
  const left = 26;
  const room = width - left;
  const yOf = (row: number) => (layers.length - 1 - row) * step;
  const onKey = (event: KeyboardEvent) => {
    const turned = { ArrowUp: "ArrowDown", ArrowDown: "ArrowUp", PageUp: "PageDown", PageDown: "PageUp" }[event.key];
    const cell = moveCell(
      { row: view.row, column: 0 },
      { rows: layers.length, columns: 1 },
      { key: turned ?? event.key },
    );
    if (!cell) return;
    event.preventDefault();
    change({ row: event.key === "Home" ? 0 : event.key === "End" ? layers.length - 1 : cell.row });
  };
  return html`<div class="stack" role="listbox" tabindex="0" aria-label="The stack of layers, the last above. Up and down arrows choose the one beside it."
    aria-activedescendant="stack-${view.row}" @keydown=${onKey} @pointerleave=${hideTooltip}>
    <svg class="chart" role="presentation" width=${width} height=${layers.length * step + 2}>
      ${layers.map(({ layer, sum }, row) => {
        const long = most > 0 ? Math.max(1, (sum / most) * room) : 1;
        const description = `Layer ${layer}: ${formatShare(all > 0 ? sum / all : 0)} of the activation`;
        const isNamed = row === view.row || (row % Math.ceil(14 / step) === 0 && Math.abs(row - view.row) * step > 12);
        return svg`<g id="stack-${row}" role="option" aria-label=${description} aria-selected=${row === view.row ? "true" : "false"}
          @click=${() => change({ row })} @pointermove=${(event: PointerEvent) => showTooltip(event, description)}>
          <rect class="hit" x="0" y=${yOf(row)} width=${width} height=${step}></rect>
          ${isNamed ? svg`<text aria-hidden="true" class=${row === view.row ? "" : "label"} x=${left - 6} y=${yOf(row) + step / 2} text-anchor="end">${layer}</text>` : nothing}
          <rect class="layer ${row === view.row ? "chosen" : ""}" x=${left + (room - long) / 2} y=${yOf(row) + 1} width=${long} height=${step - 1} fill=${css(colouring.layer(row))}></rect>
        </g>`;
      })}
    </svg>
  </div>`;
}

function branches(panel: Panel, colouring: Colouring): BranchOfPicture[] {
  const { document, view } = panel;
  const described = elementAt(document.layers, view.row);
  const grid = groupedGrid(document);
  const boxOf = ({ matrices, places }: Group<AnalysisModule>, b: number, i: number): Box => {
    const sum = matrices.reduce((total, matrix) => total + matrix.sum, 0);
    const first = elementAt(matrices, 0);
    const share = described.sum > 0 ? sum / described.sum : 0;
    const title = matrices.length > 1 ? elementAt(grid.titles, grid.columnOf(first.name)) : grid.titleOf(first.name);
    return {
      id: `block-${b}-${i}`,
      label: title,
      figure: colouring.figure(view.row, places),
      colour: colouring.colour(view.row, places),
      share,
      description: `${formatShare(share)} of the activation of the layer`,
      onOpen: () => openMatrix(panel, described.layer, first.name),
    };
  };
  return branchesOf(described.modules).map(({ title, reads, writes }, b) => ({
    title,
    reads: reads.map((group, i) => boxOf(group, b, i)),
    writes: boxOf(writes, b, reads.length),
    inside: insideOf(panel, writes),
  }));
}

/** Heads where what is written has some, the sums of its inputs else: those of a feed-forward matrix are its neurons. */
function insideOf(panel: Panel, { matrices, places }: Group<AnalysisModule>): Inside {
  const [matrix, ...others] = matrices;
  if (matrix === undefined || others.length > 0) return { kind: "nothing" };
  if (matrix.heads.length === 0) {
    const bars = pooled(matrix.columns, 48);
    const most = bars.reduce((max, value) => Math.max(max, value), 0);
    return bars.length > 0 && most > 0
      ? { kind: "neurons", heights: bars.map((value) => value / most) }
      : { kind: "nothing" };
  }
  const { document, view, theme } = panel;
  const typical = typicalOf(document);
  const ratios = typical?.ratios.head ?? [];
  const begin = headsBefore(document, view.row, elementAt(places, 0));
  const isTypical =
    typical !== undefined && shownMeasure(panel) === "typical" && ratios.length >= begin + matrix.heads.length;
  const ratioColours = ratioScale(ratios);
  const shares = linearScale(matrix.heads.map(({ sum }) => sum));
  return {
    kind: "heads",
    heads: matrix.heads.map(({ head, sum }, i) => {
      const ratio = ratios[begin + i];
      const share = `head ${head}: ${formatShare(matrix.sum > 0 ? sum / matrix.sum : 0)} of the matrix`;
      return isTypical && ratio !== undefined
        ? {
            colour: colourIn({ theme, diverges: true }, ratioColours.position(ratio)),
            description: `${share}, ${formatRatio(ratio)} of its usual share`,
          }
        : { colour: colourIn({ theme }, shares.position(sum)), description: share };
    }),
  };
}

/** How many heads stand before those of a matrix, over all layers. */
function headsBefore({ layers }: AnalysisDocument, row: number, place: number): number {
  const of = (modules: readonly AnalysisModule[]) => modules.reduce((sum, { heads }) => sum + heads.length, 0);
  const before = layers.slice(0, row).reduce((sum, { modules }) => sum + of(modules), 0);
  return before + of(elementAt(layers, row).modules.slice(0, place));
}

function blockTable(panel: Panel): DataTable {
  const { document, activity, view } = panel;
  const described = elementAt(document.layers, view.row);
  const typical = typicalOf(document);
  const ratioAt = typical && matrixRatios(document, typical);
  const grid = groupedGrid(document);
  return {
    caption: `Layer ${described.layer}`,
    columns: [
      { title: "Matrix", text: true },
      { title: "Share of the layer" },
      { title: "Density" },
      { title: "Mean" },
      ...(ratioAt ? [{ title: "Beside typical" }] : []),
    ],
    rows: zip(described.modules, elementAt(activity.layers, view.row).modules).map(([module, { density }], place) => [
      grid.titleOf(module.name),
      described.sum > 0 ? module.sum / described.sum : 0,
      density,
      meanOf(module),
      ...(ratioAt ? [ratioAt(view.row, [place])] : []),
    ]),
    format: [String, formatShare, formatDensity, String, formatRatio],
  };
}
