import type { TemplateResult } from "lit";
import { axisTitle, placeNames, type Plot, type Tick, verticalAxis } from "./axes";
import { movePlace } from "./grid-keys";
import { clamp } from "./scales";
import { type WalkedChart, walkedChart } from "./walked-chart";
import { html, svg } from "./template";

/** Something over places, from left to right: the pointer and arrow keys say the values of one. */
export interface PlaceChart {
  readonly id: string;
  readonly label: string;
  readonly places: readonly string[];
  /** What the places are: `layer`. */
  readonly axis: string;
  readonly width: number;
  /** The place that arrow keys stand on. */
  readonly at: number;
  readonly onMove: (place: number) => void;
  /** A sentence with the values of a place. */
  readonly describe: (place: number) => string;
}

/** The axes of places and of values, in the pixels of the drawing. */
export interface PlaceAxes {
  readonly plot: Plot;
  /** The middle of a place. */
  readonly x: (place: number) => number;
  readonly y: (value: number) => number;
  readonly ticks: readonly Tick[];
}

/** The drawing with its axes, and what is said of the place below it. */
export function placeChart(
  chart: PlaceChart,
  kind: string,
  { plot, x, y, ticks }: PlaceAxes,
  { behind, before }: { readonly behind: unknown; readonly before: unknown },
): TemplateResult {
  const { id, label, places, axis, onMove, describe } = chart;
  const { width, height, top, bottom } = plot;
  const last = places.length - 1;
  const at = clamp(chart.at, 0, last);
  const walked: WalkedChart = {
    id,
    kind: `chart ${kind}`,
    label: `${label}. Arrow keys walk the places.`,
    width,
    height,
    count: places.length,
    at,
    placeAt: ({ offsetX }) => nearest(places, (place) => Math.abs(offsetX - x(place))),
    moved: (key) => movePlace(at, places.length, key),
    onMove,
    describe,
  };
  return html`${walkedChart(walked, [
    behind,
    verticalAxis(plot, ticks, y),
    placeNames(places, { x, y: height - bottom + 12, room: 28 }),
    axisTitle(plot, axis),
    before,
    svg`<line class="cursor" x1=${x(at)} x2=${x(at)} y1=${top} y2=${height - bottom}></line>`,
  ])}
    <p class="readout one-line">${describe(at)}</p>`;
}

function nearest(places: readonly string[], distanceOf: (place: number) => number): number {
  return places.reduce((best, _, place) => (distanceOf(place) < distanceOf(best) ? place : best), 0);
}
