import type { TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { baseLine } from "../shared/axes";
import { columnsPath } from "../shared/columns-path";
import { movePlace } from "../shared/grid-keys";
import { clamp } from "../shared/scales";
import { svg } from "../shared/template";
import { walkedChart } from "../shared/walked-chart";

/** The id of the drawing. */
export const positionStrip = "position-strip";

const height = 56;
/** Positions that a page of keys goes over. */
const PAGE = 10;

/** The positions of a text, and what the strip does. */
export interface PositionStrip {
  /** Of what follows each position; null: nothing follows. */
  readonly losses: readonly (number | null)[];
  /** The token that the first position ends with. */
  readonly first: number;
  readonly width: number;
  /** The position that it stands on, counted from 0. */
  readonly at: number;
  readonly describe: (position: number) => string;
  readonly onMove: (position: number) => void;
}

/** A strip over a text: a bar for each position, as high as the loss of the token that follows; keys and a drag move along it. */
export function stripOf({ losses, first, width, at, describe, onMove }: PositionStrip): TemplateResult {
  const step = width / losses.length;
  const path = () =>
    columnsPath(
      losses.map((loss) => loss ?? 0),
      { width, height, columnWidth: (step) => (step > 3 ? step - 1 : step) },
    );
  return walkedChart(
    {
      id: positionStrip,
      kind: "profile strip",
      label:
        "Positions of the text, by the loss of the token that follows. Arrow keys or a drag move along it, Page Up and Page Down by ten, Home and End to its ends.",
      width,
      height,
      count: losses.length,
      first,
      at,
      isDragged: true,
      placeAt: ({ offsetX }) => clamp(Math.floor(offsetX / step), 0, losses.length - 1),
      moved: (key) => movePlace(at, losses.length, key, PAGE),
      onMove,
      describe,
    },
    [
      svg`<rect class="at" x=${at * step} y="0" width=${step} height=${height}></rect>`,
      guard([losses, width], () => svg`<path class="fill" d=${path()}></path>`),
      baseLine(width, height - 0.5),
    ],
  );
}
