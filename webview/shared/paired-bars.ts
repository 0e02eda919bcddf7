import type { SVGTemplateResult, TemplateResult } from "lit";
import { baseLine, placeNames } from "./axes";
import { movePlace } from "./grid-keys";
import { filledKey, legendKey } from "./legend";
import { clamp } from "./scales";
import { type WalkedChart, walkedChart } from "./walked-chart";
import { html, svg } from "./template";

/** Two columns that are compared. */
export interface PairedBar {
  readonly label: string;
  /** Lengths, both on one scale from 0. */
  readonly a: number;
  readonly b: number;
  readonly description: string;
}

/** A chart of columns in pairs. */
export interface PairedBars {
  readonly id: string;
  readonly label: string;
  readonly bars: readonly PairedBar[];
  /** What the filled columns and the outlines are. */
  readonly names?: readonly [filled: string, outline: string];
  readonly width: number;
  readonly at: number;
  readonly onMove: (bar: number) => void;
}

const height = 110;
const labelHeight = 16;
/** About what a letter of a label takes, in pixels. */
const letter = 6.2;

/** Two columns beside each other per place: one filled, one as an outline. The pointer and arrow keys say the values of one. */
export function pairedBars({
  id,
  label,
  bars,
  names: kinds = ["A", "B"],
  width,
  onMove,
  ...chart
}: PairedBars): TemplateResult {
  const at = clamp(chart.at, 0, bars.length - 1);
  const highest = Math.max(0, ...bars.flatMap(({ a, b }) => [a, b]));
  const step = Math.min(72, width / Math.max(1, bars.length));
  const names = bars.map(({ label }) => label);
  // of numbers a few say which the others are; names are turned where they would run into each other
  const longest = letter * Math.max(0, ...names.map((name) => [...name].length));
  const isTurned = longest + 4 > step && !names.every((name) => /^\d+$/.test(name));
  const base = height - labelHeight;
  const size = (value: number) => (highest > 0 ? (value / highest) * (base - 4) : 0);
  const middle = (bar: number) => (bar + 0.5) * step;
  const barWidth = step * 0.36;
  const describe = (bar: number) => bars[bar]?.description ?? "";
  const walked: WalkedChart = {
    id,
    kind: "chart pairs",
    label: `${label}. Arrow keys walk them.`,
    width: Math.ceil(step * bars.length),
    height: isTurned ? base + longest + 10 : height,
    count: bars.length,
    at,
    placeAt: ({ offsetX }) => clamp(Math.floor(offsetX / step), 0, bars.length - 1),
    moved: (key) => movePlace(at, bars.length, key),
    onMove,
    describe,
  };
  const outline = {
    width: 12,
    height: 10,
    swatch: svg`<rect class="outline" x="0.75" y="0.75" width="10.5" height="8.5"></rect>`,
  };
  return html`<div class="paired">
    <p class="legend">${filledKey("fill", kinds[0])}${legendKey({ ...outline, name: kinds[1] })}</p>
    ${walkedChart(walked, [
      bars.map(
        ({ a, b }, i) =>
          svg`<rect class="hit ${i === at ? "at" : ""}" x=${i * step} y="0" width=${step} height=${base}></rect>
          <rect class="fill" x=${middle(i) - barWidth - 0.5} y=${base - size(a)} width=${barWidth} height=${size(a)}></rect>
          <rect class="outline" x=${middle(i) + 1.25} y=${base - size(b)} width=${Math.max(1, barWidth - 1.5)} height=${size(b)}></rect>`,
      ),
      isTurned
        ? names.map((name, i) => turnedLabel(middle(i), base + 6, name))
        : placeNames(names, { x: middle, y: height - 6, room: 20 }),
      baseLine(step * bars.length, base),
    ])}
    <p class="readout one-line">${describe(at)}</p>
  </div>`;
}

/** A name that runs upwards to its place. */
function turnedLabel(x: number, y: number, name: string): SVGTemplateResult {
  return svg`<text aria-hidden="true" class="label" transform="translate(${x} ${y}) rotate(-90)" text-anchor="end">${name}</text>`;
}
