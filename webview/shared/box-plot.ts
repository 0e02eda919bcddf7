import { html, nothing, svg, type TemplateResult } from "lit";
import type { Box } from "./box";
import { moveCell } from "./grid-keys";
import { clamp, evenTicks } from "./scales";
import { hideTooltip, showTooltip } from "./tooltip";

export interface BoxPlot {
  readonly id: string;
  readonly label: string;
  /** Two boxes beside each other at every place: the first is filled, the second an outline. */
  readonly series: readonly [BoxSeries, BoxSeries];
  readonly places: readonly string[];
  /** What the places are: `layer`. */
  readonly axis: string;
  /** A sign above a place, and what the signs mean. */
  readonly marks: { readonly of: readonly string[]; readonly name: string };
  /** Places `[from, to)` that are shaded, and what they are. */
  readonly shaded: { readonly range: readonly [number, number]; readonly name: string };
  readonly width: number;
  /** The place that arrow keys stand on. */
  readonly at: number;
  readonly onMove: (place: number) => void;
  /** A sentence with the values of a place. */
  readonly describe: (place: number) => string;
}

export interface BoxSeries {
  readonly name: string;
  readonly boxes: readonly Box[];
}

const height = 230;
const [left, right, top, bottom] = [34, 12, 20, 34];

/** Box plots over places: the pointer and arrow keys say the values of one. */
export function boxPlot(chart: BoxPlot): TemplateResult {
  const { id, label, series, places, axis, marks, shaded, width, onMove, describe } = chart;
  const at = clamp(chart.at, 0, places.length - 1);
  const step = (width - left - right) / places.length;
  const { low, high } = rangeOf(series.flatMap(({ boxes }) => boxes));
  const x = (place: number) => left + (place + 0.5) * step;
  const y = (value: number) => top + (height - top - bottom) * (1 - (value - low) / (high - low));
  const placeAt = ({ offsetX }: MouseEvent) => clamp(Math.floor((offsetX - left) / step), 0, places.length - 1);
  const onKey = (event: KeyboardEvent) => {
    const horizontal = { ArrowUp: "ArrowRight", ArrowDown: "ArrowLeft" }[event.key] ?? event.key;
    const moved = moveCell({ row: 0, column: at }, { rows: 1, columns: places.length }, { key: horizontal });
    if (!moved) return;
    onMove(moved.column);
    event.preventDefault();
  };
  const every = Math.ceil(28 / step);
  const boxWidth = Math.min(16, step * 0.34);
  const [from, to] = shaded.range;
  return html`<div class="box-plot">
    <p class="legend">
      ${series.map(
        ({ name }, i) =>
          html`<span class="key"
            ><svg class="swatch" width="14" height="12" aria-hidden="true">
              <rect class=${boxClass(i)} x="1" y="1" width="12" height="10"></rect></svg
            >${name}</span
          >`,
      )}
      <span class="key"
        ><svg class="swatch" width="14" height="10" aria-hidden="true">
          <rect class="shade" width="14" height="10"></rect></svg
        >${shaded.name}</span
      >
      <span>${marks.name}</span>
    </p>
    <svg
      class="chart boxes"
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
      <rect class="shade" x=${left + from * step} y=${top} width=${(to - from) * step} height=${height - top - bottom}></rect>
      ${evenTicks(low, high, 5).map(
        (tick) =>
          svg`<line class="grid" x1=${left} x2=${width - right} y1=${y(tick)} y2=${y(tick)}></line>
            <text aria-hidden="true" class="label" x=${left - 6} y=${y(tick)} text-anchor="end">${Number(tick.toFixed(3))}</text>`,
      )}
      <text aria-hidden="true" class="label" x=${(left + width - right) / 2} y=${height - 8} text-anchor="middle">${axis}</text>
      ${places.map((name, place) => [
        place % every === 0
          ? svg`<text aria-hidden="true" class="label" x=${x(place)} y=${height - bottom + 12} text-anchor="middle">${name}</text>`
          : nothing,
        svg`<text aria-hidden="true" x=${x(place)} y=${top - 8} text-anchor="middle">${marks.of[place]}</text>`,
      ])}
      ${series.map(({ boxes }, i) =>
        boxes.map((box, place) => {
          const middle = x(place) + (i === 0 ? -0.55 : 0.55) * boxWidth;
          return drawBox(box, middle, boxWidth, y, boxClass(i));
        }),
      )}
      <line class="cursor" x1=${x(at)} x2=${x(at)} y1=${top} y2=${height - bottom}></line>
    </svg>
    <p class="readout one-line">${describe(at)}</p>
  </div>`;
}

function boxClass(series: number): string {
  return series === 0 ? "box filled" : "box hollow";
}

function drawBox(
  { low, lowerQuartile, median, upperQuartile, high, outliers }: Box,
  middle: number,
  width: number,
  y: (value: number) => number,
  kind: string,
) {
  const [x1, x2] = [middle - width / 2 + 0.5, middle + width / 2 - 0.5];
  const whisker = (from: number, to: number) =>
    svg`<line class="whisker" x1=${middle} x2=${middle} y1=${y(from)} y2=${y(to)}></line>`;
  return svg`${whisker(low, lowerQuartile)}${whisker(upperQuartile, high)}
    <rect class=${kind} x=${x1} y=${y(upperQuartile)} width=${Math.max(1, x2 - x1)} height=${y(lowerQuartile) - y(upperQuartile)}></rect>
    <line class="median" x1=${x1} x2=${x2} y1=${y(median)} y2=${y(median)}></line>
    ${outliers.map((value) => svg`<circle class="whisker outlier" cx=${middle} cy=${y(value)} r="1.75"></circle>`)}`;
}

/** Of all values, in tenths. */
function rangeOf(boxes: readonly Box[]): { low: number; high: number } {
  const values = boxes.flatMap(({ low, high, outliers }) => [low, high, ...outliers]);
  const low = Math.floor(10 * Math.min(...values)) / 10;
  const high = Math.ceil(10 * Math.max(...values)) / 10;
  return { low, high: high > low ? high : low + 0.1 };
}
