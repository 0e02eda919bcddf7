import { nothing, type TemplateResult } from "lit";
import { moveCell } from "./grid-keys";
import { hideTooltip, showTooltip } from "./tooltip";
import { html, svg } from "./template";

/** A bar of a chart, with what is written beside it. */
export interface Bar {
  readonly label: string;
  /** Length, 0..1, of a chart that diverges −1..1; undefined for what is not there yet. */
  readonly length: number | undefined;
  /** Written at the end of the bar. */
  readonly text: string;
  /** A second value, 0..1: a line goes through those of all bars. */
  readonly mark?: number;
  /** A sentence with the values, for the tooltip and for screen readers. */
  readonly description: string;
}

/** A chart of horizontal bars, and what its keys do. */
export interface BarChart {
  readonly id: string;
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly width: number;
  readonly rowHeight: number;
  /** Bars are shares of one length: what is missing of it is drawn too, and texts stand behind it. */
  readonly hasRest?: boolean;
  /** Texts stand one below the other, where a line of marks would run through them. */
  readonly hasColumn?: boolean;
  /** Bars run from the middle to both sides, in the two colours of what is more and less. */
  readonly diverges?: boolean;
  /** What lengths stand for: marks below the bars, each at 0..1 of their room. */
  readonly axis?: readonly { readonly at: number; readonly text: string }[];
  /** Room above the first bar: that of a heat map's labels beside it, unless given. */
  readonly top?: number;
  /** Room for labels that are longer than a layer's number, in pixels. */
  readonly labelWidth?: number;
  /** The row that arrow keys stand on. */
  readonly focused: number;
  readonly onFocus: (row: number) => void;
  /** Enter, Space or a click. */
  readonly onOpen?: (row: number) => void;
}

const barHead = 18;
const usualLabelWidth = 26;
const textWidth = 58;
const axisHeight = 18;

/** Horizontal bars, one below the other: up and down walk them, Enter opens one. */
export function barChart(chart: BarChart): TemplateResult {
  const {
    id,
    bars,
    width,
    rowHeight,
    hasRest = false,
    diverges = false,
    axis = [],
    focused,
    onFocus,
    onOpen,
    top = barHead,
    labelWidth = usualLabelWidth,
  } = chart;
  const room = Math.max(20, width - labelWidth - textWidth);
  const every = Math.ceil(14 / rowHeight);
  const below = top + bars.length * rowHeight;
  // what stands in one column reads as one, where bars end on both sides or all at the same place
  const hasColumn = hasRest || diverges || (chart.hasColumn ?? false);
  const open = (row: number) => {
    onFocus(row);
    onOpen?.(row);
  };
  const onKey = (event: KeyboardEvent) => {
    if ((event.key === "Enter" || event.key === " ") && onOpen) open(focused);
    else {
      const cell = moveCell({ row: focused, column: 0 }, { rows: bars.length, columns: 1 }, event);
      if (!cell) return;
      onFocus(event.key === "Home" ? 0 : event.key === "End" ? bars.length - 1 : cell.row);
    }
    event.preventDefault();
  };
  return html`<div
    class="bars ${onOpen ? "opens" : ""}"
    role="listbox"
    tabindex="0"
    aria-label=${chart.label}
    aria-activedescendant="${id}-${focused}"
    @keydown=${onKey}
    @pointerleave=${hideTooltip}
  >
    <svg class="chart" role="presentation" width=${width} height=${below + (axis.length > 0 ? axisHeight : 0)} data-chart=${id}>
      ${axis.map(({ at, text }) => axisMark(labelWidth + at * room, text, [top, below]))}
      ${bars.map(({ label, length, text, description }, row) => {
        const y = top + row * rowHeight;
        const [begin, filled] = extent(length ?? 0, room, diverges);
        return svg`<g
          id="${id}-${row}"
          role="option"
          class="bar ${row === focused ? "focused" : ""}"
          aria-selected=${row === focused ? "true" : "false"}
          aria-label=${description}
          @click=${() => open(row)}
          @pointermove=${(event: PointerEvent) => showTooltip(event, description)}
        >
          <rect class="hit" x="0" y=${y} width=${width} height=${rowHeight}></rect>
          ${
            row % every === 0
              ? svg`<text aria-hidden="true" class="label" x=${labelWidth - 6} y=${y + rowHeight / 2} text-anchor="end">${label}</text>`
              : nothing
          }
          ${
            length === undefined
              ? svg`<line class="pending" x1=${labelWidth} x2=${labelWidth + room} y1=${y + rowHeight / 2} y2=${y + rowHeight / 2}></line>`
              : svg`<rect class="fill ${diverges && length < 0 ? "less" : ""}" x=${labelWidth + begin} y=${y + 2} width=${filled} height=${Math.max(2, rowHeight - 4)}></rect>`
          }
          ${
            hasRest && length !== undefined
              ? svg`<rect class="rest" x=${labelWidth + filled} y=${y + 2} width=${room - filled} height=${Math.max(2, rowHeight - 4)}></rect>`
              : nothing
          }
          ${
            rowHeight >= 12 && text
              ? svg`<text aria-hidden="true" class="value" x=${labelWidth + (hasColumn ? room : filled) + 6} y=${y + rowHeight / 2}>${text}</text>`
              : nothing
          }
        </g>`;
      })}
      ${markLine(chart, (mark, row) => [labelWidth + mark * room, top + (row + 0.5) * rowHeight])}
    </svg>
  </div>`;
}

/** Where a bar begins and how long it is, in pixels: what is not nothing is seen. */
function extent(length: number, room: number, diverges: boolean): readonly [begin: number, filled: number] {
  const filled = Math.max(length === 0 ? 0 : 1, Math.abs(length) * (diverges ? room / 2 : room));
  if (!diverges) return [0, filled];
  return [length < 0 ? room / 2 - filled : room / 2, filled];
}

function axisMark(x: number, text: string, [top, below]: readonly [number, number]) {
  return svg`<line class="grid" x1=${x} x2=${x} y1=${top} y2=${below}></line>
    <text aria-hidden="true" class="label" x=${x} y=${below + 10} text-anchor="middle">${text}</text>`;
}

function markLine({ bars }: BarChart, place: (mark: number, row: number) => readonly [x: number, y: number]) {
  const points = bars.flatMap(({ mark }, row) => (mark === undefined ? [] : [place(mark, row).join(" ")]));
  return points.length > 0 ? svg`<path class="marks" d="M${points.join("L")}"></path>` : nothing;
}
