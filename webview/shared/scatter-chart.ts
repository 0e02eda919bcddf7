import { html, svg, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { numberTicks } from "./scales";
import { hideTooltip, showTooltip } from "./tooltip";

export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
}

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
  const x = (value: number) => left + ((value - across.low) / (across.high - across.low)) * (width - left - right);
  const y = (value: number) =>
    height - bottom - ((value - upward.low) / (upward.high - upward.low)) * (height - top - bottom);
  const nearest = ({ offsetX, offsetY }: MouseEvent): number | undefined => {
    let found: number | undefined;
    let least = REACH;
    points.forEach((point, i) => {
      const distance = Math.hypot(x(point.x) - offsetX, y(point.y) - offsetY);
      if (distance < least) [found, least] = [i, distance];
    });
    return found;
  };
  const ordered = (by: "x" | "y") =>
    points
      .map((_, i) => i)
      .sort((a, b) => points[a][by] - points[b][by] || points[a].y - points[b].y || points[a].x - points[b].x);
  const onKey = (event: KeyboardEvent) => {
    const moves: Record<string, ["x" | "y", number]> = {
      ArrowLeft: ["x", -1],
      ArrowRight: ["x", 1],
      ArrowDown: ["y", -1],
      ArrowUp: ["y", 1],
      Home: ["x", -Infinity],
      End: ["x", Infinity],
    };
    if (!(event.key in moves)) return;
    const [by, step] = moves[event.key];
    const order = ordered(by);
    onChoose(order[Math.min(order.length - 1, Math.max(0, order.indexOf(chosen) + step))]);
    event.preventDefault();
  };
  const onMove = (event: PointerEvent) => {
    const point = nearest(event);
    if (point === undefined) hideTooltip();
    else showTooltip(event, describe(point));
  };
  const at = points.at(chosen);
  return html`<svg
    class="chart scatter"
    role="slider"
    tabindex="0"
    aria-label="${label}. Left and right arrows walk the points by the one value, up and down by the other."
    aria-valuemin="1"
    aria-valuemax=${points.length}
    aria-valuenow=${chosen + 1}
    aria-valuetext=${describe(chosen)}
    data-chart=${id}
    width=${width}
    height=${height}
    @keydown=${onKey}
    @click=${(event: MouseEvent) => {
      const point = nearest(event);
      if (point !== undefined) onChoose(point);
    }}
    @pointermove=${onMove}
    @pointerleave=${hideTooltip}
  >
    ${guard([points, width], () => [
      ...numberTicks(upward.low, upward.high).map(
        ({ value, text }) =>
          svg`<line class="grid" x1=${left} x2=${width - right} y1=${y(value)} y2=${y(value)}></line>
          <text aria-hidden="true" class="label" x=${left - 6} y=${y(value)} text-anchor="end">${text}</text>`,
      ),
      ...numberTicks(across.low, across.high, 6).map(
        ({ value, text }) =>
          svg`<line class="grid" x1=${x(value)} x2=${x(value)} y1=${top} y2=${height - bottom}></line>
          <text aria-hidden="true" class="label" x=${x(value)} y=${height - bottom + 12} text-anchor="middle">${text}</text>`,
      ),
      svg`<text aria-hidden="true" class="label" x=${(left + width - right) / 2} y=${height - 8} text-anchor="middle">${chart.xTitle}</text>
      <text aria-hidden="true" class="label" x="4" y="8">${chart.yTitle}</text>`,
      ...points.map((point) => svg`<circle class="dot" cx=${x(point.x)} cy=${y(point.y)} r="3.5"></circle>`),
    ])}
    ${at ? svg`<circle class="dot chosen" cx=${x(at.x)} cy=${y(at.y)} r="6"></circle>` : ""}
  </svg>`;
}

/** A little more than the values take. */
function room(values: readonly number[]): { low: number; high: number } {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const more = high > low ? 0.04 * (high - low) : 0.5;
  return { low: low - more, high: high + more };
}
