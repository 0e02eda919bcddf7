import { html, svg, type TemplateResult } from "lit";
import { moveCell } from "./grid-keys";
import { hideTooltip, showTooltip } from "./tooltip";

export interface PairedBar {
  readonly label: string;
  /** Lengths, both on one scale from 0. */
  readonly a: number;
  readonly b: number;
  readonly description: string;
}

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

/** Two columns beside each other per place: one filled, one as an outline. The pointer and arrow keys say the values of one. */
export function pairedBars({
  id,
  label,
  bars,
  names = ["A", "B"],
  width,
  onMove,
  ...chart
}: PairedBars): TemplateResult {
  const at = Math.min(bars.length - 1, Math.max(0, chart.at));
  const highest = Math.max(0, ...bars.flatMap(({ a, b }) => [a, b]));
  const step = Math.min(72, width / Math.max(1, bars.length));
  const base = height - labelHeight;
  const size = (value: number) => (highest > 0 ? (value / highest) * (base - 4) : 0);
  const barAt = ({ offsetX }: MouseEvent) => Math.min(bars.length - 1, Math.max(0, Math.floor(offsetX / step)));
  const onKey = (event: KeyboardEvent) => {
    const moved = moveCell({ row: 0, column: at }, { rows: 1, columns: bars.length }, event);
    if (!moved) return;
    onMove(moved.column);
    event.preventDefault();
  };
  const bar = step * 0.36;
  const every = Math.ceil(20 / step);
  return html`<div class="paired">
    <p class="legend">
      <span class="key"
        ><svg class="swatch" width="12" height="10" aria-hidden="true"><rect class="fill" width="12" height="10"></rect></svg
        >${names[0]}</span
      ><span class="key"
        ><svg class="swatch" width="12" height="10" aria-hidden="true">
          <rect class="outline" x="0.75" y="0.75" width="10.5" height="8.5"></rect></svg
        >${names[1]}</span
      >
    </p>
    <svg
      class="chart pairs"
      role="slider"
      tabindex="0"
      aria-label="${label}. Arrow keys walk them."
      aria-valuemin="0"
      aria-valuemax=${bars.length - 1}
      aria-valuenow=${at}
      aria-valuetext=${bars[at].description}
      data-chart=${id}
      width=${Math.ceil(step * bars.length)}
      height=${height}
      @keydown=${onKey}
      @click=${(event: MouseEvent) => onMove(barAt(event))}
      @pointermove=${(event: PointerEvent) => showTooltip(event, bars[barAt(event)].description)}
      @pointerleave=${hideTooltip}
    >
      ${bars.map(({ a, b, label }, i) => {
        const middle = (i + 0.5) * step;
        return svg`<rect class="hit ${i === at ? "at" : ""}" x=${i * step} y="0" width=${step} height=${base}></rect>
          <rect class="fill" x=${middle - bar - 0.5} y=${base - size(a)} width=${bar} height=${size(a)}></rect>
          <rect class="outline" x=${middle + 1.25} y=${base - size(b)} width=${Math.max(1, bar - 1.5)} height=${size(b)}></rect>
          ${i % every === 0 ? svg`<text aria-hidden="true" class="label" x=${middle} y=${height - 6} text-anchor="middle">${label}</text>` : ""}`;
      })}
      <line class="axis" x1="0" x2=${step * bars.length} y1=${base} y2=${base}></line>
    </svg>
    <p class="readout one-line">${bars[at].description}</p>
  </div>`;
}
