import { html, svg, type TemplateResult } from "lit";
import { hideTooltip, showTooltip } from "./tooltip";

export interface Sparkline {
  readonly label: string;
  readonly values: readonly number[];
  readonly width: number;
  /** What a bin holds: `row 12: 3.1e-4`. */
  readonly describe: (bin: number) => string;
}

const height = 40;

/** Small columns, from 0 to the largest value. */
export function sparkline({ label, values, width, describe }: Sparkline): TemplateResult {
  const high = values.reduce((max, value) => Math.max(max, value), 0);
  const step = width / Math.max(1, values.length);
  const strongest = values.indexOf(high);
  const path = values
    .map((value, i) => {
      const size = high > 0 ? (value / high) * (height - 2) : 0;
      return `M${(i * step).toFixed(2)} ${height}v${(-size).toFixed(2)}h${Math.max(0.5, step * (values.length > 64 ? 1 : 0.8)).toFixed(2)}V${height}z`;
    })
    .join("");
  const onMove = (event: PointerEvent) => {
    const bin = Math.min(values.length - 1, Math.max(0, Math.floor(event.offsetX / step)));
    showTooltip(event, describe(bin));
  };
  return html`<svg
    class="sparkline"
    role="img"
    aria-label="${label}. ${values.length > 0 ? `Strongest: ${describe(strongest)}.` : ""}"
    width=${width}
    height=${height}
    @pointermove=${onMove}
    @pointerleave=${hideTooltip}
  >
    ${svg`<path class="fill" d=${path}></path><line class="axis" x1="0" x2=${width} y1=${height - 0.5} y2=${height - 0.5}></line>`}
  </svg>`;
}
