import type { TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { toolbarButton } from "./controls";
import { baseLine } from "./axes";
import { columnsPath } from "./columns-path";
import { movePlace } from "./grid-keys";
import { clamp } from "./scales";
import { type WalkedChart, walkedChart } from "./walked-chart";
import { html, svg } from "./template";

/** A chart of very many values, which can be zoomed. */
export interface ProfileChart {
  readonly id: string;
  readonly label: string;
  readonly values: readonly number[];
  /** The width of what is seen at once, in pixels. */
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
  const change = (next: { zoom?: number; at?: number }) => {
    const to = { zoom: next.zoom ?? zoom, at: next.at ?? at };
    onChange(to);
    showAt(id, ((to.at + 0.5) * width * 2 ** to.zoom) / values.length);
  };
  const zoomBy = (by: number) => change({ zoom: clamp(zoom + by, 0, mostZoom) });
  const page = Math.max(1, Math.floor(width / step));
  const onOtherKey = (key: string) => {
    const by = { "+": 1, "=": 1, "-": -1 }[key];
    if (by !== undefined) zoomBy(by);
    return by !== undefined;
  };
  const zoomButton = (text: string, name: string, by: number, disabled: boolean) =>
    toolbarButton(text, `${name}: ${label}`, () => zoomBy(by), { disabled });
  const walked: WalkedChart = {
    id,
    kind: "profile",
    label: `${label}. Arrow keys walk the values, plus and minus zoom.`,
    width: fullWidth,
    height,
    count: values.length,
    at,
    placeAt: ({ offsetX }) => clamp(Math.floor(offsetX / step), 0, values.length - 1),
    moved: (key) => movePlace(at, values.length, key, page),
    onMove: (place) => change({ at: place }),
    onOtherKey,
    describe,
  };
  const x = (at + 0.5) * step;
  return html`<div class="profile-head">
      <span class="readout-line">${describe(at)}</span>
      <span class="space"></span>
      ${zoomButton("−", "Zoom out", -1, zoom === 0)} ${zoomButton("+", "Zoom in", 1, zoom === mostZoom)}
    </div>
    <div class="profile-scroll" id="${id}-scroll">
      ${walkedChart(walked, [
        guard([values, fullWidth], () => svg`<path class="fill" d=${columns(values, fullWidth)}></path>`),
        baseLine(fullWidth, height - 0.5),
        svg`<line class="cursor" x1=${x} x2=${x} y1="0" y2=${height}></line>`,
      ])}
    </div>`;
}

/** A column per value, or per pixel where there are more values: then the largest of each pixel's. */
function columns(values: readonly number[], width: number): string {
  const count = Math.min(values.length, width);
  const shown = Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / count));
    return values.slice(from, to).reduce((max, value) => Math.max(max, value), 0);
  });
  return columnsPath(shown, { width, height, columnWidth: (step) => (step > 3 ? step - 1 : step) });
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
