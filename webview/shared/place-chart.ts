import { html, svg, type TemplateResult } from "lit";
import { moveCell } from "./grid-keys";
import { clamp } from "./scales";
import { hideTooltip, showTooltip } from "./tooltip";

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

export interface Frame {
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The middle of a place, and the distance of two. */
  readonly x: (place: number) => number;
  readonly step: number;
  readonly y: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

/** The drawing with its axes, and what is said of the place below it. */
export function placeChart(
  chart: PlaceChart,
  kind: string,
  frame: Frame,
  { behind, before }: { readonly behind: unknown; readonly before: unknown },
): TemplateResult {
  const { id, label, places, axis, width, onMove, describe } = chart;
  const { height, left, right, top, bottom, x, y, step } = frame;
  const last = places.length - 1;
  const at = clamp(chart.at, 0, last);
  const placeAt = ({ offsetX }: MouseEvent) => clamp(Math.round((offsetX - x(0)) / Math.max(1e-9, step)), 0, last);
  const onKey = (event: KeyboardEvent) => {
    const horizontal = { ArrowUp: "ArrowRight", ArrowDown: "ArrowLeft" }[event.key] ?? event.key;
    const moved = moveCell({ row: 0, column: at }, { rows: 1, columns: places.length }, { key: horizontal });
    if (!moved) return;
    onMove(moved.column);
    event.preventDefault();
  };
  const every = Math.ceil(28 / Math.max(1e-9, step));
  return html`<svg
      class="chart ${kind}"
      role="slider"
      tabindex="0"
      aria-label="${label}. Arrow keys walk the places."
      aria-valuemin="0"
      aria-valuemax=${last}
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
      ${behind}${frame.ticks.map(
        ({ value, text }) =>
          svg`<line class="grid" x1=${left} x2=${width - right} y1=${y(value)} y2=${y(value)}></line>
            <text aria-hidden="true" class="label" x=${left - 6} y=${y(value)} text-anchor="end">${text}</text>`,
      )}
      ${places
        .map((name, place) => ({ name, place }))
        .filter(({ place }) => place % every === 0)
        .map(
          ({ name, place }) =>
            svg`<text aria-hidden="true" class="label" x=${x(place)} y=${height - bottom + 12} text-anchor="middle">${name}</text>`,
        )}
      <text aria-hidden="true" class="label" x=${(left + width - right) / 2} y=${height - 8} text-anchor="middle">
        ${axis}
      </text>
      ${before}
      <line class="cursor" x1=${x(at)} x2=${x(at)} y1=${top} y2=${height - bottom}></line>
    </svg>
    <p class="readout one-line">${describe(at)}</p>`;
}

/** In the legend: what places are shaded. */
export function shadeKey(name: string): TemplateResult {
  return html`<span class="key"
    ><svg class="swatch" width="14" height="10" aria-hidden="true">
      <rect class="shade" width="14" height="10"></rect></svg
    >${name}</span
  >`;
}
