import type { SVGTemplateResult } from "lit";
import { svg } from "./template";

/** The room of a drawing and, within its margins, of what is plotted; all in pixels. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The lowest and the highest value of an axis. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** A value of an axis, and what is written beside it. */
export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** The scale of a vertical axis: from a value to pixels from the top. */
export function upwards({ height, top, bottom }: Plot, { low, high }: Range): (value: number) => number {
  return (value) => top + (height - top - bottom) * (1 - (value - low) / (high - low));
}

/** The scale of a horizontal axis: from a value to pixels from the left. */
export function rightwards({ width, left, right }: Plot, { low, high }: Range): (value: number) => number {
  return (value) => left + ((value - low) / (high - low)) * (width - left - right);
}

/** The ticks of a vertical axis: a line across the plot for each, and its text on the left. */
export function verticalAxis(
  { width, left, right }: Plot,
  ticks: readonly Tick[],
  y: (value: number) => number,
): SVGTemplateResult[] {
  return ticks.map(
    ({ value, text }) =>
      svg`<line class="grid" x1=${left} x2=${width - right} y1=${y(value)} y2=${y(value)}></line>
      <text aria-hidden="true" class="label" x=${left - 6} y=${y(value)} text-anchor="end">${text}</text>`,
  );
}

/** The ticks of a horizontal axis: a line up the plot for each, and its text below. */
export function horizontalAxis(plot: Plot, ticks: readonly Tick[], x: (value: number) => number): SVGTemplateResult[] {
  const { height, top, bottom } = plot;
  return ticks.map(
    ({ value, text }) =>
      svg`<line class="grid" x1=${x(value)} x2=${x(value)} y1=${top} y2=${height - bottom}></line>
      ${labelBelow(x(value), height - bottom + 12, text)}`,
  );
}

/** The names of places, those left out that would have less room than `room` pixels. */
export function placeNames(
  names: readonly string[],
  {
    x,
    y,
    room,
  }: {
    /** The middle of a place. */
    readonly x: (place: number) => number;
    readonly y: number;
    readonly room: number;
  },
): SVGTemplateResult[] {
  let next = -Infinity;
  return names.flatMap((name, place) => {
    const middle = x(place);
    // what rounding makes of equal distances leaves no name out
    if (middle < next - 1e-6) return [];
    next = middle + room;
    return [labelBelow(middle, y, name)];
  });
}

/** What a horizontal axis is of, below its labels. */
export function axisTitle({ width, height, left, right }: Plot, title: string): SVGTemplateResult {
  const x = (left + width - right) / 2;
  return svg`<text aria-hidden="true" class="label" data-axis="across" x=${x} y=${height - 8} text-anchor="middle">${title}</text>`;
}

function labelBelow(x: number, y: number, text: string): SVGTemplateResult {
  return svg`<text aria-hidden="true" class="label" x=${x} y=${y} text-anchor="middle">${text}</text>`;
}

/** The line that columns stand on. */
export function baseLine(width: number, y: number): SVGTemplateResult {
  return svg`<line class="axis" x1="0" x2=${width} y1=${y} y2=${y}></line>`;
}

/** Places that stand out, from one x to another, behind what is plotted. */
export function shade({ height, top, bottom }: Plot, from: number, to: number): SVGTemplateResult {
  return svg`<rect class="shade" x=${from} y=${top} width=${to - from} height=${height - top - bottom}></rect>`;
}
