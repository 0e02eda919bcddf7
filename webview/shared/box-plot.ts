import type { TemplateResult } from "lit";
import { type Plot, type Range, shade, upwards } from "./axes";
import type { Box } from "./box";
import { filledKey, legendKey } from "./legend";
import { placeChart, type PlaceChart } from "./place-chart";
import { numberTicks } from "./scales";
import { html, svg } from "./template";

/** A chart of two boxes at every place. */
export interface BoxPlot extends PlaceChart {
  /** Two boxes beside each other at every place: the first is filled, the second an outline. */
  readonly series: readonly [BoxSeries, BoxSeries];
  /** A sign above a place, and what the signs mean. */
  readonly marks: { readonly of: readonly string[]; readonly name: string };
  /** Places `[from, to)` that are shaded, and what they are. */
  readonly shaded: { readonly range: readonly [number, number]; readonly name: string };
}

/** The boxes of one kind, one for every place. */
export interface BoxSeries {
  readonly name: string;
  readonly boxes: readonly Box[];
}

const [height, left, right, top, bottom] = [230, 34, 12, 20, 34];

/** Box plots over places: the pointer and arrow keys say the values of one. */
export function boxPlot(chart: BoxPlot): TemplateResult {
  const { series, places, marks, shaded, width } = chart;
  const plot: Plot = { width, height, left, right, top, bottom };
  const step = (width - left - right) / places.length;
  const range = rangeOf(series.flatMap(({ boxes }) => boxes));
  const x = (place: number) => left + (place + 0.5) * step;
  const y = upwards(plot, range);
  const boxWidth = Math.min(16, step * 0.34);
  const [from, to] = shaded.range;
  const behind = shade(plot, left + from * step, left + to * step);
  const before = [
    places.map(
      (_, place) =>
        svg`<text aria-hidden="true" x=${x(place)} y=${top - 8} text-anchor="middle">${marks.of[place]}</text>`,
    ),
    series.map(({ boxes }, i) =>
      boxes.map((box, place) => {
        const middle = x(place) + (i === 0 ? -0.55 : 0.55) * boxWidth;
        return drawBox(box, middle, boxWidth, y, boxClass(i));
      }),
    ),
  ];
  const axes = { plot, x, y, ticks: numberTicks(range.low, range.high) };
  return html`<div class="box-plot">
    <p class="legend">
      ${series.map(({ name }, i) =>
        legendKey({
          name,
          width: 14,
          height: 12,
          swatch: svg`<rect class=${boxClass(i)} x="1" y="1" width="12" height="10"></rect>`,
        }),
      )}
      ${filledKey("shade", shaded.name, 14)}
      <span>${marks.name}</span>
    </p>
    ${placeChart(chart, "boxes", axes, { behind, before })}
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

/** The range of all values, in tenths. */
function rangeOf(boxes: readonly Box[]): Range {
  const values = boxes.flatMap(({ low, high, outliers }) => [low, high, ...outliers]);
  const low = Math.floor(10 * Math.min(...values)) / 10;
  const high = Math.ceil(10 * Math.max(...values)) / 10;
  return { low, high: high > low ? high : low + 0.1 };
}
