import { nothing, type TemplateResult } from "lit";
import { type Plot, shade, type Tick, upwards } from "./axes";
import { filledKey, legendKey } from "./legend";
import { type PlaceAxes, placeChart, type PlaceChart } from "./place-chart";
import { clamp, numberTicks } from "./scales";
import { html, svg } from "./template";

/** A line of a chart. */
export interface Line {
  readonly name: string;
  /** The values by place; undefined for what is not there (yet). */
  readonly values: readonly (number | undefined)[];
  /** An interval around each value, drawn as a band. */
  readonly band?: readonly (readonly [low: number, high: number])[];
  /** What others are compared with, the same at every place: it has no points. */
  readonly isLevel?: boolean;
}

/** A chart of lines over places. */
export interface LineChart extends PlaceChart {
  /** The first is drawn whole, the others in dashes of their own: they are told apart without colour. At most six. */
  readonly lines: readonly Line[];
  /** Where the places are, if not at equal distances. Lines then go through what there is, whatever places of others lie between. */
  readonly positions?: readonly number[];
  /** Places `[from, to)` that are shaded, and what they are. */
  readonly shaded?: { readonly range: readonly [number, number]; readonly name: string };
  readonly low: number;
  readonly high: number;
  /** Where values are not what they are drawn by (a logarithm): what is written beside the scale. */
  readonly ticks?: readonly Tick[];
}

const [height, left, right, top, bottom] = [190, 34, 12, 8, 34];

/** Lines over places: the pointer and arrow keys say the values of one. */
export function lineChart(chart: LineChart): TemplateResult {
  const { lines, places, width, low, high } = chart;
  const plot: Plot = { width, height, left, right, top, bottom };
  const step = (width - left - right) / Math.max(1, places.length - 1);
  const x = placesBetween(left, width - right, places.length, chart.positions);
  const up = upwards(plot, { low, high });
  const y = (value: number) => up(clamp(value, low, high));
  const before = [
    lines.map(({ band }, i) =>
      band ? svg`<path class="band line-${i + 1}" d=${bandPath(band, x, y)}></path>` : nothing,
    ),
    lines.map(
      ({ values, isLevel = false }, i) =>
        svg`<path class="line line-${i + 1}" d=${linePath(values, x, y, chart.positions !== undefined)}></path>${values.map(
          (value, place) =>
            value !== undefined && !isLevel && (step >= 8 || isAlone(values, place))
              ? svg`<circle class="point line-${i + 1}" cx=${x(place)} cy=${y(value)} r="2.5"></circle>`
              : nothing,
        )}`,
    ),
  ];
  const axes = { plot, x, y, ticks: chart.ticks ?? numberTicks(low, high) };
  return html`<div class="line-chart">
    ${legend(chart)}${placeChart(chart, "lines", axes, { behind: shaded(chart, { ...axes, step }), before })}
  </div>`;
}

function legend({ lines, shaded }: LineChart): TemplateResult {
  return html`<p class="legend">
    ${lines.map(({ name }, i) =>
      legendKey({
        name,
        width: 26,
        height: 8,
        swatch: svg`<line class="line line-${i + 1}" x1="0" x2="26" y1="4" y2="4"></line>`,
      }),
    )}
    ${shaded ? filledKey("shade", shaded.name, 14) : nothing}
  </p>`;
}

function shaded({ shaded, places }: LineChart, { plot, x, step }: PlaceAxes & { readonly step: number }) {
  if (!shaded) return nothing;
  const [from, to] = shaded.range;
  const start = Math.max(left, x(from) - step / 2);
  const end = Math.min(plot.width - right, x(Math.min(to, places.length) - 1) + step / 2);
  return shade(plot, start, Math.max(start + 2, end));
}

function linePath(
  values: readonly (number | undefined)[],
  x: (place: number) => number,
  y: (value: number) => number,
  goesOn: boolean,
): string {
  let isBegun = false;
  return values
    .map((value, place) => {
      if (value === undefined) {
        isBegun &&= goesOn;
        return "";
      }
      const point = `${isBegun ? "L" : "M"}${x(place).toFixed(2)} ${y(value).toFixed(2)}`;
      isBegun = true;
      return point;
    })
    .join("");
}

/** The middles of places: at equal distances, or as far apart as their positions. */
function placesBetween(
  from: number,
  to: number,
  count: number,
  positions: readonly number[] | undefined,
): (place: number) => number {
  if (positions === undefined) return (place) => from + (place * (to - from)) / Math.max(1, count - 1);
  const [first, last] = [positions[0] ?? 0, positions.at(-1) ?? 0];
  return (place) => from + ((to - from) * ((positions[place] ?? first) - first)) / Math.max(1e-9, last - first);
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
