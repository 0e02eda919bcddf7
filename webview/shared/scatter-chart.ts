import { nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { axisTitle, horizontalAxis, type Plot, type Range, rightwards, upwards, verticalAxis } from "./axes";
import { clamp, numberTicks } from "./scales";
import { type WalkedChart, walkedChart } from "./walked-chart";
import { svg } from "./template";

/** A point by its two values. */
export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
}

/** A chart of points by two values. */
export interface ScatterChart {
  readonly id: string;
  readonly label: string;
  readonly points: readonly ScatterPoint[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly width: number;
  /** The point that is chosen. */
  readonly chosen: number;
  readonly onChoose: (point: number) => void;
  readonly describe: (point: number) => string;
}

const [left, right, top, bottom] = [46, 12, 20, 36];
/** A pointer is at a point when it is that near, in pixels. */
const REACH = 12;

/** Points by two values. The pointer takes the nearest; arrow keys walk them from left to right, or from low to high. */
export function scatterChart(chart: ScatterChart): TemplateResult {
  const { id, label, points, width, chosen, onChoose, describe } = chart;
  const height = Math.round(Math.min(380, Math.max(240, width * 0.6)));
  const across = room(points.map(({ x }) => x));
  const upward = room(points.map(({ y }) => y));
  const plot: Plot = { width, height, left, right, top, bottom };
  const x = rightwards(plot, across);
  const y = upwards(plot, upward);
  const nearest = ({ offsetX, offsetY }: MouseEvent): number | undefined => {
    let found: number | undefined;
    let least = REACH;
    points.forEach((point, i) => {
      const distance = Math.hypot(x(point.x) - offsetX, y(point.y) - offsetY);
      if (distance < least) [found, least] = [i, distance];
    });
    return found;
  };
  const moved = (key: string): number | undefined => {
    const move = moves[key];
    if (!move) return undefined;
    const order = ordered(points, move.by);
    return order[clamp(order.indexOf(chosen) + move.step, 0, order.length - 1)];
  };
  const at = points.at(chosen);
  const walked: WalkedChart = {
    id,
    kind: "chart scatter",
    label: `${label}. Left and right arrows walk the points by the one value, up and down by the other.`,
    width,
    height,
    count: points.length,
    first: 1,
    at: chosen,
    placeAt: nearest,
    moved,
    onMove: onChoose,
    describe,
  };
  return walkedChart(walked, [
    guard([points, width], () => [
      verticalAxis(plot, numberTicks(upward.low, upward.high), y),
      horizontalAxis(plot, numberTicks(across.low, across.high, 6), x),
      axisTitle(plot, chart.xTitle),
      svg`<text aria-hidden="true" class="label" data-axis="up" x="4" y="8">${chart.yTitle}</text>`,
      points.map((point) => svg`<circle class="dot" cx=${x(point.x)} cy=${y(point.y)} r="3.5"></circle>`),
    ]),
    at ? svg`<circle class="dot chosen" cx=${x(at.x)} cy=${y(at.y)} r="6"></circle>` : nothing,
  ]);
}

/** The value that a key walks the points by, and how far. */
const moves: Readonly<Record<string, { readonly by: "x" | "y"; readonly step: number } | undefined>> = {
  ArrowLeft: { by: "x", step: -1 },
  ArrowRight: { by: "x", step: 1 },
  ArrowDown: { by: "y", step: -1 },
  ArrowUp: { by: "y", step: 1 },
  Home: { by: "x", step: -Infinity },
  End: { by: "x", step: Infinity },
};

/** The points, by their index, from the lowest of a value to the highest. */
function ordered(points: readonly ScatterPoint[], by: "x" | "y"): number[] {
  return points
    .map((point, i) => ({ point, i }))
    .sort(({ point: a }, { point: b }) => a[by] - b[by] || a.y - b.y || a.x - b.x)
    .map(({ i }) => i);
}

/** A little more than the values take. */
function room(values: readonly number[]): Range {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const more = high > low ? 0.04 * (high - low) : 0.5;
  return { low: low - more, high: high + more };
}
