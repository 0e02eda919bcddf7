import { nothing, type TemplateResult } from "lit";
import type { AnalysisModule, MatrixImage } from "../../src/engine/document/document";
import { imageValues, type Region } from "../../src/engine/document/matrix-image";
import { quantile } from "../../src/engine/numbers/statistics";
import { capital } from "../../src/format/claims";
import { formatCount, formatNumber } from "../../src/format/numbers";
import { textsInWords, unusualWithin } from "../../src/format/typical-findings";
import type { WeightsState } from "../../src/pages/analysis";
import { toolbarButton } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { heatLegend } from "../shared/heat-legend";
import { indexOf, matrixPicture, type Stretch } from "../shared/matrix-picture";
import { logScale, type Scale } from "../shared/scales";
import { section } from "../shared/section";
import { html } from "../shared/template";
import { explanations } from "./explanations";
import { cellOf, type Cells, type ImageView, isSameRegion, mostZoom, regionOf, weightsOf } from "./image-region";
import { onDemand } from "./on-demand";
import type { OpenedMatrix } from "./opened-matrix";
import type { Panel } from "./panel";

export const imageChart = "matrix-image";

const wholeView: ImageView = { zoom: 0, row: 0, column: 0 };

/** The strongest cells that a table lists: more are of no use. */
const MOST_ROWS = 500;

/** What is drawn of a matrix: a region in cells, with their activations and the scale of their colours. */
interface Drawn extends Cells {
  readonly region: Region;
  readonly values: Float64Array;
  readonly positions: Float64Array;
  readonly scale: Scale;
}

/** Whether there is a picture of a matrix, in the result or told since. */
export function isDrawn(panel: Panel, opened: OpenedMatrix): boolean {
  return drawnOf(panel, opened) !== undefined;
}

/** The table of what is drawn; undefined of a matrix without a picture. */
export function shownImageTable(panel: Panel, opened: OpenedMatrix): DataTable | undefined {
  const drawn = drawnOf(panel, opened);
  return drawn && imageTable(opened, drawn);
}

/**
 * The matrix itself, as a picture: all of it from the result, and in the editor down to single weights. An expert's is drawn when it is asked for; of one
 * that nothing goes through there is nothing to draw.
 */
export function imageSection(panel: Panel, opened: OpenedMatrix): TemplateResult | typeof nothing {
  const { module } = opened;
  const { document, inEditor, theme, width, change, post } = panel;
  const drawn = drawnOf(panel, opened);
  const view = panel.view.image ?? wholeView;
  if (drawn === undefined) return module.max > 0 ? undrawn(panel, opened, view) : nothing;
  const show = (next: ImageView) => {
    change({ image: next });
    const region = regionOf(module.shape, next);
    const isInResult = next.zoom === 0 && module.image !== undefined;
    const isKnown = isInResult || isSameRegion(region, regionOf(module.shape, view));
    if (!isKnown) post({ type: "openWeights", layer: opened.layer, matrix: module.name, region });
  };
  const zoomTo = (zoom: number) => show({ ...view, zoom });
  const furthest = mostZoom(module.shape);
  const at = cellOf(drawn.region, drawn, view);
  const standOn = (cell: typeof at): ImageView => {
    const { rows, columns } = weightsOf(drawn.region, drawn, cell);
    return { ...view, row: rows[0], column: columns[0] };
  };
  const unusual = unusualWithin(document, opened.layer, module.name);
  const zoom = (text: string, name: string, to: number) =>
    toolbarButton(text, name, () => zoomTo(to), { disabled: to < 0 || to > furthest || to === view.zoom });
  return section(panel, {
    name: "image",
    title: "Where in the matrix",
    note: inWeights(drawn),
    controls: inEditor
      ? html`${zoom("−", "Zoom out of the matrix", view.zoom - 1)} ${zoom("+", "Zoom into the matrix", view.zoom + 1)}
        ${zoom("Whole", "The whole matrix", 0)}`
      : nothing,
    chart: () =>
      html`${matrixPicture({
        id: imageChart,
        label: `Layer ${opened.layer} ${opened.title} by activation`,
        region: drawn.region,
        cells: drawn,
        sums: { rows: module.rows, columns: module.columns },
        shape: module.shape,
        ruled: ruledOf(module),
        marked: unusual.flatMap(({ level, place }) => stretchOf(module, level, place)),
        ringed: module.top,
        width,
        theme,
        at,
        describe: (cell) => describe(module, drawn, cell),
        onMove: (cell) => show(standOn(cell)),
        onZoom: inEditor
          ? (by, cell) => {
              const to = view.zoom + by;
              if (to >= 0 && to <= furthest) show({ ...standOn(cell), zoom: to });
            }
          : undefined,
      })}
      ${heatLegend(
        { theme },
        {
          low: formatNumber(drawn.scale.low),
          high: formatNumber(drawn.scale.high),
          what: `strongest activation of each cell, logarithmic; rings: the ${formatCount(module.top.length)} strongest weights`,
        },
      )}
      ${demand(panel, opened, view)}
      ${
        unusual.length > 0 && document.typical
          ? html`<h3>Unusual beside ${textsInWords(document.typical)}</h3>
              <ul class="places">
              ${unusual.map(({ name, words }) => html`<li>${capital(name)} ${words}.</li>`)}
            </ul>`
          : nothing
      }`,
    table: () => imageTable(opened, drawn),
    explanation: explanations.image,
  });
}

/** In the place of a picture that the result does not have: why, and a way to it. */
function undrawn(panel: Panel, opened: OpenedMatrix, view: ImageView): TemplateResult {
  const why =
    opened.among === undefined
      ? "This result has no picture of the matrix."
      : "Of experts' matrices, which may be thousands, a result has figures and no pictures.";
  const how = panel.inEditor ? "" : " VS Code draws one by reading the text again.";
  return html`<section class="section image" aria-labelledby="image-title">
    <header><h2 id="image-title" tabindex="-1">Where in the matrix</h2></header>
    <p class="note">${why}${how}</p>
    ${demand(panel, opened, view)}
  </section>`;
}

/** How the run for weights that the result does not have is, where one was asked for; or a way to ask. */
function demand(panel: Panel, { layer, module }: OpenedMatrix, view: ImageView): TemplateResult | typeof nothing {
  const isInResult = view.zoom === 0 && module.image !== undefined;
  if (isInResult || !panel.inEditor) return nothing;
  const region = regionOf(module.shape, view);
  const state = weightsOfMatrix(panel, layer, module);
  const isThere = state?.phase === "done" && isSameRegion(state.region, region);
  if (isThere) return nothing;
  return onDemand(panel, state, {
    name: "full-profile",
    what: view.zoom === 0 ? "the picture" : "the single weights",
    offer: view.zoom === 0 ? "Draw the matrix" : "Show these weights",
    meanwhile: `${view.zoom === 0 ? "The picture is" : "Single weights are"} not in the result: its text is run again.`,
    open: () => panel.post({ type: "openWeights", layer, matrix: module.name, region }),
    cancel: () => panel.post({ type: "cancelWeights" }),
  });
}

function weightsOfMatrix({ weights }: Panel, layer: number, { name }: AnalysisModule): WeightsState | undefined {
  return weights?.layer === layer && weights.matrix === name ? weights : undefined;
}

/** What is wanted as it was told, or what the result has of it; where it has nothing, what was told last of the matrix. */
function drawnOf(panel: Panel, { layer, module }: OpenedMatrix): Drawn | undefined {
  const { image } = module;
  const region = regionOf(module.shape, panel.view.image ?? wholeView);
  const [out, input] = module.shape;
  const whole: Region = { rows: [0, out], columns: [0, input] };
  const told = weightsOfMatrix(panel, layer, module);
  if (image === undefined) return told?.phase === "done" ? drawing(told.image, told.region, told.max) : undefined;
  if (told?.phase === "done" && isSameRegion(told.region, region) && !isSameRegion(region, whole))
    return drawing(told.image, told.region, told.max);
  const all = drawing(image, whole, module.max);
  return isSameRegion(region, whole) ? all : croppedTo(all, region);
}

/** Made once of each picture. */
const drawings = new WeakMap<MatrixImage, Drawn>();

function drawing(image: MatrixImage, region: Region, max: number): Drawn {
  const known = drawings.get(image);
  if (known) return known;
  const values = imageValues(image, max);
  const made: Drawn = { rows: image.rows, columns: image.columns, region, values, ...onScale(values) };
  drawings.set(image, made);
  return made;
}

/** The weakest twentieth has the weakest colour: what is nearly nothing would take the others'. */
const WEAKEST = 0.05;

function onScale(values: Float64Array): Pick<Drawn, "positions" | "scale"> {
  const some = [...values].filter((value) => value > 0);
  const least = some.length > 0 ? quantile(some, WEAKEST) : 0;
  const scale = logScale(some.map((value) => Math.max(value, least)));
  return { scale, positions: values.map((value) => scale.position(value)) };
}

/** The cells of a drawing that a region is in, until there is more of it. */
function croppedTo(all: Drawn, region: Region): Drawn {
  const first = cellOf(all.region, all, { row: region.rows[0], column: region.columns[0] });
  const last = cellOf(all.region, all, { row: region.rows[1] - 1, column: region.columns[1] - 1 });
  const [rows, columns] = [last.row - first.row + 1, last.column - first.column + 1];
  const places = Array.from({ length: rows * columns }, (_, i) =>
    indexOf({ row: first.row + Math.floor(i / columns), column: first.column + (i % columns) }, all),
  );
  const [from, to] = [weightsOf(all.region, all, first), weightsOf(all.region, all, last)];
  return {
    rows,
    columns,
    region: { rows: [from.rows[0], to.rows[1]], columns: [from.columns[0], to.columns[1]] },
    values: Float64Array.from(places, (place) => all.values[place] ?? 0),
    positions: Float64Array.from(places, (place) => all.positions[place] ?? 0),
    scale: all.scale,
  };
}

/** The heads, else the parts, of a matrix. */
function ruledOf({ heads, headSide, parts }: AnalysisModule): Stretch[] {
  if (headSide === undefined)
    return parts.flatMap(({ name, rows }) =>
      rows.map(([from, to]): Stretch => ({ axis: "rows", from, to, label: name })),
    );
  const { axis, size } = headSide;
  return heads.flatMap(({ head, part, from }) =>
    from === undefined ? [] : [{ axis, from, to: from + size, label: part ? `${part} ${head}` : `head ${head}` }],
  );
}

/** Where an unusual place is: a head's rows or columns, or a neuron's column; of the matrix itself nothing is marked. */
function stretchOf(
  { heads, headSide }: AnalysisModule,
  level: string,
  { part, index = -1 }: { readonly part?: string | undefined; readonly index?: number | undefined },
): Stretch[] {
  if (level === "neuron") return [{ axis: "columns", from: index, to: index + 1, label: `neuron ${index}` }];
  const own = heads.find((head) => head.head === index && head.part === part);
  if (level !== "head" || own?.from === undefined || headSide === undefined) return [];
  const { axis, size } = headSide;
  return [{ axis, from: own.from, to: own.from + size, label: `head ${index}` }];
}

/** `a cell is 12 × 4 weights`; of cells that are not all alike the largest. */
function inWeights({ rows, columns, region }: Drawn): string {
  const [height, breadth] = [region.rows[1] - region.rows[0], region.columns[1] - region.columns[0]];
  if (height === rows && breadth === columns) return "a cell is one weight";
  const isEven = height % rows === 0 && breadth % columns === 0;
  return `a cell is ${isEven ? "" : "up to "}${Math.ceil(height / rows)} × ${Math.ceil(breadth / columns)} weights`;
}

function describe(
  module: AnalysisModule,
  drawn: Drawn,
  cell: { readonly row: number; readonly column: number },
): string {
  const { rows, columns } = weightsOf(drawn.region, drawn, cell);
  const value = drawn.values[indexOf(cell, drawn)] ?? 0;
  const heads = ruledOf(module).filter(({ axis, from, to }) => {
    const [begin, end] = axis === "rows" ? rows : columns;
    return begin < to && from < end;
  });
  const of = heads.length > 0 ? `, ${heads.map(({ label }) => label).join(" and ")}` : "";
  const isOne = rows[1] - rows[0] === 1 && columns[1] - columns[0] === 1;
  const [inRows, inColumns] = [stretchInWords("row", rows), stretchInWords("column", columns)];
  return `${capital(inRows)}, ${inColumns}${of}: ${isOne ? "activation" : "strongest activation"} ${formatNumber(value)}`;
}

/** `row 12`, `rows 12–15` */
function stretchInWords(name: string, [from, to]: readonly [number, number]): string {
  return to - from === 1 ? `${name} ${formatCount(from)}` : `${name}s ${formatCount(from)}–${formatCount(to - 1)}`;
}

/** The strongest cells of what is seen. */
function imageTable({ layer, title }: OpenedMatrix, drawn: Drawn): DataTable {
  const cells = Array.from(drawn.values, (value, i) => ({
    value,
    row: Math.floor(i / drawn.columns),
    column: i % drawn.columns,
  }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, MOST_ROWS);
  return {
    caption: `Layer ${layer} ${title}: the strongest cells`,
    columns: [{ title: "Rows", text: true }, { title: "Columns", text: true }, { title: "Strongest activation" }],
    rows: cells.map(({ value, ...cell }) => {
      const { rows, columns } = weightsOf(drawn.region, drawn, cell);
      const inShort = ([from, to]: readonly [number, number]) => (to - from === 1 ? String(from) : `${from}–${to - 1}`);
      return [inShort(rows), inShort(columns), value];
    }),
    format: [String, String, formatNumber],
  };
}
