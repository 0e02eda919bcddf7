import { html, svg, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { toolbarButton } from "./controls";
import { hideTooltip, showTooltip } from "./tooltip";

export interface ProfileChart {
  readonly id: string;
  readonly label: string;
  readonly values: readonly number[];
  /** Of what is seen at once, in pixels. */
  readonly width: number;
  /** Doublings of the scale at which all values are seen at once. */
  readonly zoom: number;
  /** The value that arrow keys stand on. */
  readonly at: number;
  /** `row 12: 3.1e-4` */
  readonly describe: (index: number) => string;
  readonly onChange: (change: { zoom: number; at: number }) => void;
}

const height = 120;
/** Wide enough to point at one value. */
const widest = 8;

/** One column per value, from 0 to the largest; where several share a pixel the largest is drawn. Zooms, and scrolls by itself. */
export function profileChart(chart: ProfileChart): TemplateResult {
  const { id, label, values, width, describe, onChange } = chart;
  const mostZoom = Math.max(0, Math.ceil(Math.log2((widest * values.length) / width)));
  const zoom = Math.min(chart.zoom, mostZoom);
  const at = Math.min(chart.at, values.length - 1);
  const fullWidth = Math.round(width * 2 ** zoom);
  const step = fullWidth / values.length;
  const indexAt = (event: MouseEvent) => Math.min(values.length - 1, Math.max(0, Math.floor(event.offsetX / step)));
  const change = (next: { zoom?: number; at?: number }) => {
    const to = { zoom: next.zoom ?? zoom, at: Math.min(values.length - 1, Math.max(0, next.at ?? at)) };
    onChange(to);
    showAt(id, ((to.at + 0.5) * width * 2 ** to.zoom) / values.length);
  };
  const zoomBy = (by: number) => change({ zoom: Math.min(mostZoom, Math.max(0, zoom + by)) });
  const page = Math.max(1, Math.floor(width / step));
  const onKey = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -page,
      PageUp: page,
    };
    if (event.key in moves) change({ at: at + moves[event.key] });
    else if (event.key === "Home") change({ at: 0 });
    else if (event.key === "End") change({ at: values.length - 1 });
    else if (event.key === "+" || event.key === "=") zoomBy(1);
    else if (event.key === "-") zoomBy(-1);
    else return;
    event.preventDefault();
  };
  const zoomButton = (text: string, name: string, by: number, disabled: boolean) =>
    toolbarButton(text, `${name}: ${label}`, () => zoomBy(by), { disabled });
  return html`<div class="profile-head">
      <span class="readout-line">${describe(at)}</span>
      <span class="space"></span>
      ${zoomButton("−", "Zoom out", -1, zoom === 0)} ${zoomButton("+", "Zoom in", 1, zoom === mostZoom)}
    </div>
    <div class="profile-scroll" id="${id}-scroll">
      <svg
        id=${id}
        class="profile"
        role="slider"
        tabindex="0"
        aria-label="${label}. Arrow keys walk the values, plus and minus zoom."
        aria-valuemin="0"
        aria-valuemax=${values.length - 1}
        aria-valuenow=${at}
        aria-valuetext=${describe(at)}
        width=${fullWidth}
        height=${height}
        @keydown=${onKey}
        @click=${(event: MouseEvent) => change({ at: indexAt(event) })}
        @pointermove=${(event: PointerEvent) => showTooltip(event, describe(indexAt(event)))}
        @pointerleave=${hideTooltip}
      >
        ${guard([values, fullWidth], () => svg`<path class="fill" d=${columns(values, fullWidth)}></path>`)}
        ${svg`<line class="axis" x1="0" x2=${fullWidth} y1=${height - 0.5} y2=${height - 0.5}></line>
        <line class="cursor" x1=${(at + 0.5) * step} x2=${(at + 0.5) * step} y1="0" y2=${height}></line>`}
      </svg>
    </div>`;
}

function columns(values: readonly number[], width: number): string {
  const high = values.reduce((max, value) => Math.max(max, value), 0);
  const count = Math.min(values.length, width);
  const step = width / count;
  let path = "";
  for (let column = 0; column < count; column++) {
    const from = Math.floor((column * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / count));
    let value = 0;
    for (let i = from; i < to; i++) value = Math.max(value, values[i]);
    const size = high > 0 ? (value / high) * (height - 2) : 0;
    path += `M${(column * step).toFixed(2)} ${height}v${(-size).toFixed(2)}h${(step > 3 ? step - 1 : step).toFixed(2)}V${height}z`;
  }
  return path;
}

/** Scrolls as little as needed for a place to be seen, once it is drawn. */
function showAt(id: string, x: number): void {
  requestAnimationFrame(() => {
    const scroll = document.getElementById(`${id}-scroll`);
    if (!scroll) return;
    const { scrollLeft, clientWidth } = scroll;
    if (x < scrollLeft || x > scrollLeft + clientWidth) scroll.scrollLeft = x - clientWidth / 2;
  });
}
