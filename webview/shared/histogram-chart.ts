import type { TemplateResult } from "lit";
import type { Histogram } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatCount, formatNumber } from "../../src/format/numbers";
import { baseLine } from "./axes";
import { moveThreshold } from "./grid-keys";
import { histogramBars } from "./histogram-bars";
import { clamp, decades } from "./scales";
import { hideTooltip, showTooltip } from "./tooltip";
import { html, svg } from "./template";

/** A chart of a histogram with a threshold that can be moved. */
export interface HistogramChart {
  readonly id: string;
  readonly label: string;
  readonly histogram: Histogram;
  readonly width: number;
  /** The threshold that can be dragged, and its limits. */
  readonly tau: number;
  readonly lowest: number;
  readonly highest: number;
  /** What the threshold means here: `8.2 % of this matrix is active`. */
  readonly meaning: string;
  readonly onThreshold: (tau: number) => void;
}

const height = 190;
const foot = 22;
const head = 18;

/** How many bars there is room for. */
export function barsWithin(width: number): number {
  return Math.floor(width / 3);
}

/** Counts over the logarithm of activation; what lies right of the draggable line is active. */
export function histogramChart(chart: HistogramChart): TemplateResult {
  const { histogram, width, tau, highest, onThreshold } = chart;
  const bars = histogramBars(histogram, barsWithin(width));
  const from = Math.min(elementAt(bars.edges, 0), tau);
  const lowest = Math.max(chart.lowest, from);
  const to = Math.max(elementAt(bars.edges, bars.edges.length - 1), tau);
  const span = Math.log(to / from) || 1;
  const x = (value: number) => (Math.log(value / from) / span) * width;
  const valueAt = (at: number) => from * Math.exp((at / width) * span);
  const most = Math.max(1, ...bars.densities);
  const base = height - foot;
  const room = base - head;
  const steps = bars.densities.map((density, i) => {
    const y = base - (density / most) * room;
    return `V${y.toFixed(1)}H${x(elementAt(bars.edges, i + 1)).toFixed(1)}`;
  });
  const outline = `M${x(elementAt(bars.edges, 0)).toFixed(1)} ${base}${steps.join("")}V${base}z`;
  const line = clamp(x(tau), 0, width);
  const labelled = line > width - 130 ? "end" : "start";

  const at = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).closest("svg")?.getBoundingClientRect();
    return box ? clamp(valueAt(event.clientX - box.left), lowest, highest) : tau;
  };
  const onDown = (event: PointerEvent) => {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    onThreshold(at(event));
  };
  const onMove = (event: PointerEvent) => {
    if (event.buttons === 1) {
      hideTooltip();
      onThreshold(at(event));
      return;
    }
    const value = at(event);
    const bin = bars.edges.findLastIndex((edge) => edge <= value);
    const count = bars.counts[bin];
    if (count === undefined) hideTooltip();
    else
      showTooltip(
        event,
        `${formatCount(count)} weights from ${formatNumber(elementAt(bars.edges, bin))} to ${formatNumber(elementAt(bars.edges, bin + 1))}`,
      );
  };
  const onKey = (event: KeyboardEvent) => {
    const moved = moveThreshold(tau, { lowest, highest }, event.key);
    if (moved === undefined) return;
    onThreshold(moved);
    event.preventDefault();
  };
  return html`<svg class="chart histogram" role="group" aria-label=${chart.label} width=${width} height=${height} data-chart=${chart.id}>
    ${svg`
      <defs>
        <clipPath id="${chart.id}-active"><rect x=${line} y="0" width=${Math.max(0, width - line)} height=${height}></rect></clipPath>
      </defs>
      <path class="inactive" d=${outline}></path>
      <path class="fill" d=${outline} clip-path="url(#${chart.id}-active)"></path>
      ${baseLine(width, base)}
      ${decades(from, to, Math.floor(width / 70)).map(
        (tick) => svg`<line class="axis" x1=${x(tick)} x2=${x(tick)} y1=${base} y2=${base + 4}></line>
          <text class="label" x=${x(tick)} y=${base + 13} text-anchor="middle">${formatNumber(tick)}</text>`,
      )}
      <rect class="hit" x="0" y="0" width=${width} height=${base} @pointerdown=${onDown} @pointermove=${onMove} @pointerleave=${hideTooltip}></rect>
      <g
        class="threshold"
        role="slider"
        tabindex="0"
        aria-label="Threshold"
        aria-orientation="horizontal"
        aria-valuemin=${Math.log2(lowest).toFixed(2)}
        aria-valuemax=${Math.log2(highest).toFixed(2)}
        aria-valuenow=${Math.log2(tau).toFixed(2)}
        aria-valuetext="${formatNumber(tau)}: ${chart.meaning}"
        @keydown=${onKey}
        @pointerdown=${onDown}
        @pointermove=${onMove}
      >
        <line class="grip" x1=${line} x2=${line} y1=${head - 6} y2=${base}></line>
        <line class="mark" x1=${line} x2=${line} y1=${head - 6} y2=${base}></line>
        <circle class="knob" cx=${line} cy=${head - 6} r="4"></circle>
        <text class="value" x=${line + (labelled === "end" ? -9 : 9)} y=${head - 6} text-anchor=${labelled}>≥ ${formatNumber(tau)}</text>
      </g>
    `}
  </svg>`;
}
