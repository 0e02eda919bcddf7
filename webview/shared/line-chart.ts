import { html, nothing, svg, type TemplateResult } from "lit";
import { moveCell } from "./grid-keys";
import { evenTicks } from "./scales";
import { hideTooltip, showTooltip } from "./tooltip";

export interface Line {
  readonly name: string;
  /** By place; undefined for what is not there (yet). */
  readonly values: readonly (number | undefined)[];
  /** An interval around each value, drawn as a band. */
  readonly band?: readonly (readonly [low: number, high: number])[];
}

export interface LineChart {
  readonly id: string;
  readonly label: string;
  /** The first is drawn whole, the others in dashes of their own: they are told apart without colour. At most six. */
  readonly lines: readonly Line[];
  /** Of the places, from left to right. */
  readonly places: readonly string[];
  /** What the places are: `layer`. */
  readonly axis: string;
  /** Places `[from, to)` that are shaded, and what they are. */
  readonly shaded?: { readonly range: readonly [number, number]; readonly name: string };
  readonly low: number;
  readonly high: number;
  /** Where values are not what they are drawn by (a logarithm): what is written beside the scale. */
  readonly ticks?: readonly { readonly value: number; readonly text: string }[];
  readonly width: number;
  /** The place that arrow keys stand on. */
  readonly at: number;
  readonly onMove: (place: number) => void;
  /** A sentence with the values of a place. */
  readonly describe: (place: number) => string;
}

const height = 190;
const [left, right, top, bottom] = [34, 12, 8, 34];

/** Lines over places: the pointer and arrow keys say the values of one. */
export function lineChart(chart: LineChart): TemplateResult {
  const { id, label, lines, places, width, low, high, onMove, describe } = chart;
  const at = Math.min(places.length - 1, Math.max(0, chart.at));
  const step = (width - left - right) / Math.max(1, places.length - 1);
  const x = (place: number) => left + place * step;
  const y = (value: number) =>
    top + (height - top - bottom) * (1 - (Math.min(high, Math.max(low, value)) - low) / (high - low));
  const placeAt = (event: MouseEvent) =>
    Math.min(places.length - 1, Math.max(0, Math.round((event.offsetX - left) / Math.max(1e-9, step))));
  const onKey = (event: KeyboardEvent) => {
    const horizontal = { ArrowUp: "ArrowRight", ArrowDown: "ArrowLeft" }[event.key] ?? event.key;
    const moved = moveCell({ row: 0, column: at }, { rows: 1, columns: places.length }, { key: horizontal });
    if (!moved) return;
    onMove(moved.column);
    event.preventDefault();
  };
  const ticks =
    chart.ticks ?? evenTicks(low, high, 5).map((value) => ({ value, text: String(Number(value.toFixed(3))) }));
  const every = Math.ceil(28 / Math.max(1e-9, step));
  return html`<div class="line-chart">
    ${legend(chart)}
    <svg
      class="chart lines"
      role="slider"
      tabindex="0"
      aria-label="${label}. Arrow keys walk the places."
      aria-valuemin="0"
      aria-valuemax=${places.length - 1}
      aria-valuenow=${at}
      aria-valuetext=${describe(at)}
      data-chart=${id}
      width=${width}
      height=${height}
      @keydown=${onKey}
      @click=${(event: MouseEvent) => onMove(placeAt(event))}
      @pointermove=${(event: PointerEvent) => showTooltip(event, describe(placeAt(event)))}
      @pointerleave=${hideTooltip}
    >
      ${shade(chart, x, step)}
      ${ticks.map(
        ({ value, text }) =>
          svg`<line class="grid" x1=${left} x2=${width - right} y1=${y(value)} y2=${y(value)}></line>
            <text aria-hidden="true" class="label" x=${left - 6} y=${y(value)} text-anchor="end">${text}</text>`,
      )}
      ${places.map((name, place) =>
        place % every === 0
          ? svg`<text aria-hidden="true" class="label" x=${x(place)} y=${height - bottom + 12} text-anchor="middle">${name}</text>`
          : nothing,
      )}
      <text aria-hidden="true" class="label" x=${(left + width - right) / 2} y=${height - 8} text-anchor="middle">
        ${chart.axis}
      </text>
      ${lines.map(({ band }, i) => (band ? svg`<path class="band line-${i + 1}" d=${bandPath(band, x, y)}></path>` : nothing))}
      ${lines.map(
        ({ values }, i) =>
          svg`<path class="line line-${i + 1}" d=${linePath(values, x, y)}></path>${values.map((value, place) =>
            value !== undefined && (step >= 8 || isAlone(values, place))
              ? svg`<circle class="point line-${i + 1}" cx=${x(place)} cy=${y(value)} r="2.5"></circle>`
              : nothing,
          )}`,
      )}
      <line class="cursor" x1=${x(at)} x2=${x(at)} y1=${top} y2=${height - bottom}></line>
    </svg>
    <p class="readout one-line">${describe(at)}</p>
  </div>`;
}

function legend({ lines, shaded }: LineChart): TemplateResult {
  return html`<p class="legend">
    ${lines.map(
      ({ name }, i) =>
        html`<span class="key"
          ><svg class="swatch" width="26" height="8" aria-hidden="true">
            <line class="line line-${i + 1}" x1="0" x2="26" y1="4" y2="4"></line></svg
          >${name}</span
        >`,
    )}
    ${
      shaded
        ? html`<span class="key"
            ><svg class="swatch" width="14" height="10" aria-hidden="true">
              <rect class="shade" width="14" height="10"></rect></svg
            >${shaded.name}</span
          >`
        : nothing
    }
  </p>`;
}

function shade({ shaded, places, width }: LineChart, x: (place: number) => number, step: number) {
  if (!shaded) return nothing;
  const [from, to] = shaded.range;
  const start = Math.max(left, x(from) - step / 2);
  const end = Math.min(width - right, x(Math.min(to, places.length) - 1) + step / 2);
  return svg`<rect class="shade" x=${start} y=${top} width=${Math.max(2, end - start)} height=${height - top - bottom}></rect>`;
}

function linePath(
  values: readonly (number | undefined)[],
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  return values
    .map((value, place) =>
      value === undefined
        ? ""
        : `${values[place - 1] === undefined ? "M" : "L"}${x(place).toFixed(2)} ${y(value).toFixed(2)}`,
    )
    .join("");
}

function isAlone(values: readonly (number | undefined)[], place: number): boolean {
  return values[place - 1] === undefined && values[place + 1] === undefined;
}

function bandPath(
  band: readonly (readonly [number, number])[],
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  const at = (place: number, value: number) => `${x(place).toFixed(2)} ${y(value).toFixed(2)}`;
  const over = band.map(([, high], place) => at(place, high));
  const back = band.map(([low], place) => at(place, low)).reverse();
  return `M${[...over, ...back].join("L")}Z`;
}
