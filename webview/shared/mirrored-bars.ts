import { nothing, type TemplateResult } from "lit";
import { movePlace } from "./grid-keys";
import { clamp } from "./scales";
import { svg } from "./template";
import { type WalkedChart, walkedChart } from "./walked-chart";

/** One side of a row: how long its bar is, 0..1, and what is written at its end. */
export interface MirroredBar {
  readonly length: number;
  readonly text: string;
}

/** A name with a bar to each side of it. */
export interface MirroredRow {
  readonly label: string;
  readonly a: MirroredBar;
  readonly b: MirroredBar;
  readonly description: string;
}

/** Bars that run from names in the middle to both sides, and what its keys do. */
export interface MirroredBars {
  readonly id: string;
  readonly label: string;
  /** What the bars to the left and to the right are. */
  readonly names: readonly [a: string, b: string];
  readonly rows: readonly MirroredRow[];
  readonly width: number;
  readonly at: number;
  readonly onMove: (row: number) => void;
}

const [rowHeight, headHeight, figureWidth, widest] = [20, 20, 62, 760];
/** What a letter of a name takes, in pixels, and how many of it are written. */
const [letter, mostLetters] = [7, 16];

/** Two bars to a row, A's to the left and B's to the right of what they are of, on one scale. Up and down walk the rows. */
export function mirroredBars({ id, label, names, rows, onMove, ...chart }: MirroredBars): TemplateResult {
  const width = Math.min(widest, chart.width);
  const at = clamp(chart.at, 0, rows.length - 1);
  const labels = rows.map(({ label }) => shortened(label));
  const half = 8 + (letter / 2) * Math.max(4, ...labels.map((name) => [...name].length));
  const middle = width / 2;
  const room = Math.max(20, middle - half - figureWidth);
  const describe = (row: number) => rows[row]?.description ?? "";
  const walked: WalkedChart = {
    id,
    kind: "chart mirrored",
    label: `${label}. Arrow keys walk them.`,
    width,
    height: headHeight + rows.length * rowHeight,
    count: rows.length,
    at,
    placeAt: ({ offsetY }) => clamp(Math.floor((offsetY - headHeight) / rowHeight), 0, rows.length - 1),
    // the first row is on top: down is on
    moved: (key) => movePlace(at, rows.length, { ArrowUp: "ArrowDown", ArrowDown: "ArrowUp" }[key] ?? key),
    onMove,
    describe,
  };
  const [nameOfA, nameOfB] = names;
  return walkedChart(walked, [
    svg`<text class="label" x=${middle - half} y=${headHeight / 2} text-anchor="end">${nameOfA}</text>
      <text class="label" x=${middle + half} y=${headHeight / 2}>${nameOfB}</text>`,
    rows.map(({ a, b }, row) => {
      const top = headHeight + row * rowHeight;
      const line = top + rowHeight / 2;
      const [lengthOfA, lengthOfB] = [a.length * room, b.length * room];
      return svg`<rect class="hit ${row === at ? "at" : ""}" x="0" y=${top} width=${width} height=${rowHeight}></rect>
        <text x=${middle} y=${line} text-anchor="middle">${labels[row]}</text>
        <rect class="fill" x=${middle - half - lengthOfA} y=${top + 4} width=${lengthOfA} height=${rowHeight - 8}></rect>
        ${lengthOfB === 0 ? nothing : svg`<rect class="outline" x=${middle + half} y=${top + 4.75} width=${Math.max(1, lengthOfB)} height=${rowHeight - 9.5}></rect>`}
        <text class="value" x=${middle - half - lengthOfA - 5} y=${line} text-anchor="end">${a.text}</text>
        <text class="value" x=${middle + half + lengthOfB + 5} y=${line}>${b.text}</text>`;
    }),
  ]);
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > mostLetters ? `${characters.slice(0, mostLetters - 1).join("")}…` : text;
}
