import type { TemplateResult } from "lit";
import { horizontalAxis, type Plot, rightwards } from "./axes";
import { movePlace } from "./grid-keys";
import { clamp, numberTicks } from "./scales";
import { type WalkedChart, walkedChart } from "./walked-chart";
import { html, svg } from "./template";

/** A figure with the interval that it may lie within. */
export interface IntervalRow {
  readonly name: string;
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
  readonly description: string;
}

/** A chart of figures that are compared, each with its interval. */
export interface IntervalChart {
  readonly id: string;
  readonly label: string;
  readonly rows: readonly IntervalRow[];
  readonly width: number;
  readonly at: number;
  readonly onMove: (row: number) => void;
}

const [rowHeight, left, right, top, bottom] = [22, 130, 12, 4, 22];

/** Points with whiskers on one scale, one below the other: the pointer and the up and down keys say the values of one. */
export function intervalChart({ id, label, rows, width, onMove, ...chart }: IntervalChart): TemplateResult {
  const at = clamp(chart.at, 0, rows.length - 1);
  const height = top + rows.length * rowHeight + bottom;
  const plot: Plot = { width, height, left, right, top, bottom };
  const values = rows.flatMap(({ value, interval }) => [value, ...interval]);
  const range = {
    low: Math.min(0, Math.floor(10 * Math.min(...values)) / 10),
    high: Math.max(0.1, Math.ceil(10 * Math.max(...values)) / 10),
  };
  const x = rightwards(plot, range);
  const y = (row: number) => top + (row + 0.5) * rowHeight;
  const describe = (row: number) => rows[row]?.description ?? "";
  const walked: WalkedChart = {
    id,
    kind: "chart intervals",
    label: `${label}. Arrow keys walk them.`,
    width,
    height,
    count: rows.length,
    at,
    placeAt: ({ offsetY }) => clamp(Math.floor((offsetY - top) / rowHeight), 0, rows.length - 1),
    // down is the next row
    moved: (key) => movePlace(at, rows.length, { ArrowDown: "ArrowRight", ArrowUp: "ArrowLeft" }[key] ?? key),
    onMove,
    describe,
  };
  return html`<div class="interval-chart">
    ${walkedChart(walked, [
      svg`<rect class="hit at" x="0" y=${y(at) - rowHeight / 2} width=${width} height=${rowHeight}></rect>`,
      horizontalAxis(plot, numberTicks(range.low, range.high, width < 420 ? 3 : 6), x),
      rows.map(
        ({ name, value, interval: [low, high] }, row) =>
          svg`<text aria-hidden="true" x="2" y=${y(row)}>${name}</text>
          <line class="whisker" x1=${x(low)} x2=${x(high)} y1=${y(row)} y2=${y(row)}></line>
          <circle class="point line-1" cx=${x(value)} cy=${y(row)} r="4"></circle>`,
      ),
    ])}
    <p class="readout one-line">${describe(at)}</p>
  </div>`;
}
