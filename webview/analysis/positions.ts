import { nothing, type TemplateResult } from "lit";
import type { PositionsDescription, SampleDescription } from "../../src/engine/document/document";
import { MOST_POSITIONS } from "../../src/engine/run/defaults";
import { elementAt, zip } from "../../src/engine/numbers/elements";
import { quoted, targetInWords } from "../../src/format/model-words";
import { formatCount, formatShare } from "../../src/format/numbers";
import { formatLoss, positionInWords, positionsFinding } from "../../src/format/positions";
import { strongestSaliency } from "../../src/format/token-spans";
import { barChart } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { heatLegend } from "../shared/heat-legend";
import { heatMap } from "../shared/heat-map";
import { roomForNames } from "../shared/heat-map-layout";
import { rowHeightOf } from "../shared/row-height";
import { clamp, evenTicks } from "../shared/scales";
import { section } from "../shared/section";
import { html } from "../shared/template";
import { describeToken, tintedText } from "../shared/tinted-text";
import { explanations } from "./explanations";
import { onDemand } from "./on-demand";
import { type Panel, twoColumns } from "./panel";
import { positionFigures, type PositionFigures, TICKS } from "./position-figures";
import { stripOf } from "./position-strip";
import { shownSample } from "./text";

const gap = 24;

/** The text, to be moved through token by token: offered, running, or there. */
export function positionsSection(panel: Panel): TemplateResult | typeof nothing {
  const sample = shownSample(panel);
  if (!sample) return nothing;
  const figures = shownFigures(panel);
  if (figures) return moved(panel, sample, figures);
  if (!panel.inEditor) return nothing;
  const { post, view } = panel;
  const state = panel.positions?.sample === view.sample ? panel.positions : undefined;
  return onDemand(panel, state, {
    name: "move-through",
    what: "the positions",
    offer: "Move through the text",
    note: whatIsMeasured(sample, view.token),
    meanwhile: "Moving through the text.",
    open: () => post({ type: "openPositions", sample: view.sample, around: Math.max(0, view.token) }),
    cancel: () => post({ type: "cancelPositions" }),
  });
}

function whatIsMeasured({ tokens, answer }: SampleDescription, chosen: number): string {
  const count = tokens.length - (answer?.tokens ?? 0);
  const which =
    count <= MOST_POSITIONS
      ? count === 1
        ? "its one token"
        : `each of its ${formatCount(count)} tokens`
      : chosen < 0
        ? `each of its first ${MOST_POSITIONS} tokens, or choose a token below for those around it`
        : `each of the ${MOST_POSITIONS} tokens around the one that is chosen below`;
  return `what the model does at ${which}, as if the text ended there`;
}

/** Positions that were measured since, else those in the document. */
export function knownPositions({ document, positions }: Panel): PositionsDescription | undefined {
  return positions?.phase === "done" ? positions.positions : document.positions;
}

/** The figures of the positions of the sample that is shown. */
function shownFigures(panel: Panel): PositionFigures | undefined {
  const { document, view } = panel;
  const known = knownPositions(panel);
  return known?.sample === view.sample ? positionFigures(document, known) : undefined;
}

function moved(panel: Panel, sample: SampleDescription, figures: PositionFigures): TemplateResult {
  const { width, view, change } = panel;
  const { described } = figures;
  const { first, at, target } = described;
  const last = at.length - 1;
  const position = clamp((view.position ?? first + last) - first, 0, last);
  const isWide = width >= twoColumns;
  const left = isWide ? Math.floor((width - gap) * 0.44) : width;
  const right = isWide ? width - gap - left : width;
  return section(panel, {
    name: "positions",
    title: "Through the text",
    note: `${targetInWords(target)}, as if the text ended at each token`,
    chart: () =>
      html`${stripOf({
        losses: lossesOf(described),
        first,
        width,
        at: position,
        describe: (place) => positionInWords(sample, described, place),
        onMove: (place) => change({ position: first + place }),
      })}
        <p class="readout">${positionInWords(sample, described, position)}</p>
        ${drawnFrom(panel, sample, figures, position)}
        <div class="columns">
          <div>${layersOf(panel, figures, position, left)}</div>
          <div>${matricesOf(panel, figures, position, right)}</div>
        </div>`,
    table: () => positionsTable(sample, figures),
    sentence: positionsFinding(sample, described),
    explanation: explanations.positions,
  });
}

const lossesByPositions = new WeakMap<object, readonly (number | null)[]>();

/** The same list each time: a strip is not drawn again while it is moved along. */
function lossesOf(described: PositionFigures["described"]): readonly (number | null)[] {
  const losses = lossesByPositions.get(described) ?? described.at.map(({ loss }) => loss);
  lossesByPositions.set(described, losses);
  return losses;
}

/** The text up to the position, tinted by what it drew from. */
function drawnFrom(panel: Panel, sample: SampleDescription, figures: PositionFigures, position: number) {
  const saliency = elementAt(figures.saliency, position);
  const drawn = { ...sample, tokens: sample.tokens.map((token, t) => ({ ...token, saliency: saliency[t] ?? null })) };
  const chosen = panel.view.token;
  const token = drawn.tokens.at(chosen < 0 ? drawn.tokens.length : chosen);
  return html`${tintedText({
    id: "drawn",
    label: "Tokens up to the position",
    sample: drawn,
    chosen,
    onChoose: (token) => panel.change({ token }),
    focus: panel.focus,
  })}
    <p class="readout">${
      token && token.saliency !== null
        ? describeToken({ text: token.text, saliency: token.saliency }, strongestSaliency(drawn))
        : "Tinted is what this position drew from; what stands behind it is not tinted."
    }</p>`;
}

function layersOf({ document, view, change }: Panel, figures: PositionFigures, position: number, width: number) {
  const { end, ofResult } = figures;
  const shares = elementAt(figures.layers, position);
  return html`${barChart({
    id: "position-layers",
    label: "Layers by their share of the activation at the position. Up and down arrows walk them.",
    bars: zip(document.layers, zip(shares, ofResult)).map(([{ layer }, [share, own]]) => ({
      label: String(layer),
      length: share / end,
      text: formatShare(share),
      mark: own / end,
      description: `Layer ${layer}: ${formatShare(share)} of the activation here, ${formatShare(own)} in the result`,
    })),
    width,
    rowHeight: rowHeightOf(document.layers.length),
    hasColumn: true,
    axis: evenTicks(0, end, TICKS).map((value) => ({ at: value / end, text: formatShare(value) })),
    focused: view.row,
    onFocus: (row) => change({ row }),
  })}
    <p class="legend"><span class="note">share of the activation that each layer holds; the line: in the result</span></p>`;
}

function matricesOf(panel: Panel, { cells, grid, scale }: PositionFigures, position: number, width: number) {
  const { document, view, change } = panel;
  const rows = document.layers.map(({ layer }) => String(layer));
  const map = {
    id: "position-matrices",
    label: "Matrices by their share of the activation at the position. Arrow keys walk the cells.",
    rows,
    columns: grid.titles,
    cells: elementAt(cells, position).map((shares, row) =>
      shares.map((share, column) =>
        share === undefined
          ? undefined
          : {
              position: scale.position(share),
              text: (100 * share).toFixed(share < 0.1 ? 1 : 0),
              describe: () =>
                `Layer ${elementAt(rows, row)} ${elementAt(grid.titles, column)}: ${formatShare(share)} of the activation here`,
            },
      ),
    ),
    rowHeight: rowHeightOf(rows.length),
    width,
    labels: roomForNames(rows, grid.titles, width),
    theme: panel.theme,
    focused: { row: view.row, column: Math.min(view.column, grid.titles.length - 1) },
    onFocus: ({ row, column }: { row: number; column: number }) => change({ row, column }),
    onOpen: ({ row, column }: { row: number; column: number }) => change({ row, column }),
  };
  const [low, high] = [formatShare(scale.low), formatShare(scale.high)];
  return html`${heatMap(map)}
  ${heatLegend(map, {
    low,
    high,
    hatching: `Hatching: none is ${low}, solid ${high}`,
    what: "share of the activation in %, logarithmic, one scale for all positions",
  })}`;
}

/** What is known of every position; undefined where they were not measured. */
export function shownPositionsTable(panel: Panel): DataTable | undefined {
  const sample = shownSample(panel);
  const figures = shownFigures(panel);
  return sample && figures && positionsTable(sample, figures);
}

function positionsTable({ tokens }: SampleDescription, { described, layers }: PositionFigures): DataTable {
  const names = (layers[0] ?? []).map((_, layer) => `Layer ${layer}`);
  return {
    caption: "Positions",
    columns: [
      { title: "Token" },
      { title: "Text", text: true },
      { title: "Loss of what follows" },
      { title: "Likeliest next", text: true },
      { title: "Its share" },
      ...names.map((title) => ({ title })),
    ],
    rows: zip(described.at, layers).map(([{ loss, next }, shares], i) => [
      described.first + i,
      quoted(elementAt(tokens, described.first + i).text),
      loss ?? "",
      next[0] ? quoted(next[0].text) : "",
      next[0]?.probability ?? "",
      ...shares,
    ]),
    format: [String, String, formatLoss, String, formatShare, ...names.map(() => formatShare)],
  };
}
