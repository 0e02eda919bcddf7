import type { TemplateResult } from "lit";
import { hideTooltip, showTooltip } from "./tooltip";
import { html } from "./template";

/** A drawing of places that are walked one by one: the pointer and the keys say the values of one. */
export interface WalkedChart {
  readonly id: string;
  /** The classes of the drawing: `chart lines`. */
  readonly kind: string;
  /** What the chart shows, and which keys walk it. */
  readonly label: string;
  /** The width of the drawing, in pixels. */
  readonly width: number;
  /** The height of the drawing, in pixels. */
  readonly height: number;
  /** How many places there are. */
  readonly count: number;
  /** The number that is said of the first place; 0 unless given. */
  readonly first?: number;
  /** The place that keys stand on. */
  readonly at: number;
  /** The place under the pointer; undefined where there is none. */
  readonly placeAt: (pointer: MouseEvent) => number | undefined;
  /** Where a key moves to; undefined for keys that move nothing. */
  readonly moved: (key: string) => number | undefined;
  readonly onMove: (place: number) => void;
  /** What a key does that moves nothing; says whether it did something. */
  readonly onOtherKey?: (key: string) => boolean;
  /** Whether the pointer, while it is pressed, moves to the places that it comes by. */
  readonly isDragged?: boolean;
  /** A sentence with the values of a place. */
  readonly describe: (place: number) => string;
}

/** The frame of a chart that is walked: a slider over its places, to assistive technology. */
export function walkedChart(chart: WalkedChart, drawing: unknown): TemplateResult {
  const { id, kind, label, width, height, count, first = 0, at, placeAt, onMove, describe } = chart;
  const onKey = (event: KeyboardEvent) => {
    const place = chart.moved(event.key);
    if (place !== undefined) onMove(place);
    else if (!chart.onOtherKey?.(event.key)) return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent) => {
    const place = placeAt(event);
    if (place !== undefined) onMove(place);
  };
  const onPointer = (event: PointerEvent) => {
    const place = placeAt(event);
    if (chart.isDragged && isPressed(event)) {
      hideTooltip();
      if (place !== undefined && place !== at) onMove(place);
    } else if (place === undefined) hideTooltip();
    else showTooltip(event, describe(place));
  };
  // a drag goes on where it leaves the drawing
  const onPress = (event: PointerEvent) => {
    if (chart.isDragged && isPressed(event)) (event.currentTarget as Element).setPointerCapture(event.pointerId);
  };
  return html`<svg
    class=${kind}
    role="slider"
    tabindex="0"
    aria-label=${label}
    aria-valuemin=${first}
    aria-valuemax=${first + count - 1}
    aria-valuenow=${first + at}
    aria-valuetext=${describe(at)}
    data-chart=${id}
    width=${width}
    height=${height}
    @keydown=${onKey}
    @click=${onClick}
    @pointerdown=${onPress}
    @pointermove=${onPointer}
    @pointerleave=${hideTooltip}
  >
    ${drawing}
  </svg>`;
}

const isPressed = ({ buttons }: PointerEvent): boolean => (buttons & 1) === 1;
