import type { TemplateResult } from "lit";
import { baseLine, placeNames } from "./axes";
import { columnsPath } from "./columns-path";
import { clamp } from "./scales";
import { hideTooltip, showTooltip } from "./tooltip";
import { html, svg } from "./template";

/** A small chart of columns without axes. */
export interface Sparkline {
  readonly label: string;
  readonly values: readonly number[];
  readonly width: number;
  /** Written below the columns, as far as there is room; nothing is unless given. */
  readonly names?: readonly string[];
  /** What a bin holds: `row 12: 3.1e-4`. */
  readonly describe: (bin: number) => string;
}

const [height, nameHeight] = [40, 16];

/** What the longest name takes, in pixels. */
const nameRoom = (names: readonly string[]): number => 7 * Math.max(0, ...names.map(({ length }) => length)) + 6;

/** Small columns, from 0 to the largest value. */
export function sparkline({ label, values, width, names = [], describe }: Sparkline): TemplateResult {
  const step = width / Math.max(1, values.length);
  const strongest = values.indexOf(Math.max(0, ...values));
  const filled = values.length > 64 ? 1 : 0.8;
  const path = columnsPath(values, { width, height, columnWidth: (step) => Math.max(0.5, step * filled) });
  const onMove = (event: PointerEvent) => {
    showTooltip(event, describe(clamp(Math.floor(event.offsetX / step), 0, values.length - 1)));
  };
  return html`<svg
    class="chart sparkline"
    role="img"
    aria-label="${label}. ${values.length > 0 ? `Strongest: ${describe(strongest)}.` : ""}"
    width=${width}
    height=${height + (names.length > 0 ? nameHeight : 0)}
    @pointermove=${onMove}
    @pointerleave=${hideTooltip}
  >
    ${svg`<path class="fill" d=${path}></path>`}${baseLine(width, height - 0.5)}
    ${placeNames(names, { x: (bin) => (bin + filled / 2) * step, y: height + nameHeight / 2, room: nameRoom(names) })}
  </svg>`;
}
