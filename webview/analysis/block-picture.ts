import { nothing, type SVGTemplateResult, type TemplateResult } from "lit";
import { elementAt } from "../../src/engine/numbers/elements";
import { type Colour, css, textColourOn } from "../shared/colour-scale";
import { html, svg } from "../shared/template";
import { hideTooltip, showTooltip } from "../shared/tooltip";

/** A box of the picture: a matrix, or those of all experts of one name. */
export interface Box {
  readonly id: string;
  readonly label: string;
  /** Beside the label: a ratio or a density. */
  readonly figure: string;
  readonly colour: Colour;
  /** Of the layer's activation, 0..1: how thick its line is. */
  readonly share: number;
  readonly description: string;
  readonly onOpen: () => void;
}

/** What lies between what a branch reads and what it writes: heads, each with its colour, or neurons, each with a height of 0..1. */
export type Inside =
  | { readonly kind: "heads"; readonly heads: readonly { readonly colour: Colour; readonly description: string }[] }
  | { readonly kind: "neurons"; readonly heights: readonly number[] }
  | { readonly kind: "nothing" };

/** A branch beside the residual stream. */
export interface BranchOfPicture {
  readonly title: string;
  readonly reads: readonly Box[];
  readonly inside: Inside;
  readonly writes: Box;
}

const boxHeight = 24;
const boxGap = 6;
const laneGap = 30;
const streamAt = 20;
const trunk = 16;
const gap = 12;
const leastInside = 70;
/** Of the line of a matrix that holds all of the layer's activation, in pixels. */
const thickest = 22;

/**
 * One block: the residual stream above, and below it a lane for each branch, from what it reads to what it writes. In which order the branches run, or side by
 * side, it does not say.
 */
export function blockPicture(
  branches: readonly BranchOfPicture[],
  { width, label }: { readonly width: number; readonly label: string },
): TemplateResult {
  const boxWidth = Math.min(130, Math.max(74, (width - 2 * trunk - 4 * gap - leastInside) / 2));
  const insideWidth = width - 2 * trunk - 2 * boxWidth - 4 * gap;
  let top = streamAt + laneGap;
  const lanes = branches.map((branch) => {
    const height = Math.max(1, branch.reads.length) * (boxHeight + boxGap) - boxGap;
    const lane = { branch, top, height, middle: top + height / 2 };
    top += height + laneGap;
    return lane;
  });
  const last = lanes.at(-1);
  return html`<svg class="chart block-picture" role="group" aria-label=${label} width=${width} height=${top - laneGap + 8} data-chart="block-picture"
    @pointerleave=${hideTooltip}>
    <line class="stream" x1="0" x2=${width} y1=${streamAt} y2=${streamAt}></line>
    <text aria-hidden="true" class="label" x=${width - 2} y=${streamAt - 8} text-anchor="end">residual stream</text>
    ${
      last
        ? svg`<path class="wire" d="M${trunk / 2} ${streamAt}V${last.top + last.height - boxHeight / 2}"></path>
          <path class="wire" d="M${width - trunk / 2} ${streamAt}V${last.middle}"></path>
          <path class="arrow" d="M${width - trunk / 2 - 4} ${streamAt + 9}l4 -7l4 7z"></path>`
        : nothing
    }
    ${lanes.map((lane) => drawLane(lane, { width, boxWidth, insideWidth }))}
  </svg>`;
}

interface Lane {
  readonly branch: BranchOfPicture;
  readonly top: number;
  readonly height: number;
  readonly middle: number;
}

interface Widths {
  readonly width: number;
  readonly boxWidth: number;
  readonly insideWidth: number;
}

function drawLane({ branch, top, middle, height }: Lane, { width, boxWidth, insideWidth }: Widths): SVGTemplateResult {
  const { title, reads, inside, writes } = branch;
  const readAt = trunk + gap;
  const insideAt = readAt + boxWidth + gap;
  const writeAt = insideAt + insideWidth + gap;
  const yOf = (i: number) => top + i * (boxHeight + boxGap);
  return svg`<g>
    <text aria-hidden="true" class="label" x=${readAt} y=${top - 11}>${title}</text>
    ${reads.map((box, i) => {
      const y = yOf(i) + boxHeight / 2;
      return svg`<path class="wire" d="M${trunk / 2} ${y}H${readAt}"></path>
        ${flow(box, `M${readAt + boxWidth} ${y}C${insideAt} ${y} ${readAt + boxWidth} ${middle} ${insideAt} ${middle}`)}
        ${drawBox(box, readAt, yOf(i), boxWidth)}`;
    })}
    ${drawInside(inside, { x: insideAt, width: insideWidth, top, height })}
    ${flow(writes, `M${insideAt + insideWidth} ${middle}H${writeAt}`)}
    <path class="wire" d="M${writeAt + boxWidth} ${middle}H${width - trunk / 2}"></path>
    ${drawBox(writes, writeAt, middle - boxHeight / 2, boxWidth)}
  </g>`;
}

/** A line as thick as what goes through. */
function flow({ share }: Box, path: string): SVGTemplateResult {
  return svg`<path class="flow" d=${path} stroke-width=${Math.max(1, share * thickest)}></path>`;
}

function drawBox(
  { id, label, figure, colour, description, onOpen }: Box,
  x: number,
  y: number,
  width: number,
): SVGTemplateResult {
  const text = textColourOn(colour) === "#000000" ? "black" : "white";
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onOpen();
  };
  return svg`<g
    id=${id}
    class="box"
    role="button"
    tabindex="0"
    aria-label="${label} ${figure}, ${description}"
    @click=${onOpen}
    @keydown=${onKey}
    @pointermove=${(event: PointerEvent) => showTooltip(event, description)}
  >
    <rect x=${x} y=${y} width=${width} height=${boxHeight} rx="3" fill=${css(colour)}></rect>
    <text aria-hidden="true" x=${x + 6} y=${y + boxHeight / 2} class=${text}>${fitted(label, width - 46)}</text>
    <text aria-hidden="true" x=${x + width - 6} y=${y + boxHeight / 2} text-anchor="end" class=${text}>${figure}</text>
  </g>`;
}

/** About what a character of a label takes. */
const character = 6.4;

function fitted(label: string, room: number): string {
  const most = Math.max(2, Math.floor(room / character));
  return [...label].length <= most ? label : `${[...label].slice(0, most - 1).join("")}…`;
}

function drawInside(
  inside: Inside,
  {
    x,
    width,
    top,
    height,
  }: { readonly x: number; readonly width: number; readonly top: number; readonly height: number },
): SVGTemplateResult | typeof nothing {
  const middle = top + height / 2;
  if (inside.kind === "heads") {
    const { heads } = inside;
    const columns = Math.max(1, Math.min(heads.length, Math.floor(width / 16)));
    const size = Math.min(18, width / columns);
    const rows = Math.ceil(heads.length / columns);
    const left = x + (width - columns * size) / 2;
    const above = middle - (rows * size) / 2;
    return svg`<path class="wire" d="M${x} ${middle}H${left}M${left + columns * size} ${middle}H${x + width}"></path>
    <g>${heads.map(({ colour, description }, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      return svg`<rect x=${left + column * size + 1} y=${above + row * size + 1} width=${size - 2} height=${size - 2} fill=${css(colour)}
        @pointermove=${(event: PointerEvent) => showTooltip(event, description)}></rect>`;
    })}</g>`;
  }
  if (inside.kind === "neurons") {
    const { heights } = inside;
    const step = width / heights.length;
    const floor = middle + boxHeight / 2;
    const bars = heights.map((value, i) => {
      const tall = Math.max(0.5, value * boxHeight);
      return `M${x + i * step} ${floor}v${-tall}h${step}v${tall}z`;
    });
    return svg`<path class="neurons" d=${bars.join("")}></path>`;
  }
  return svg`<path class="wire" d="M${x} ${middle}H${x + width}"></path>`;
}

/** The largest of every so many values: as many as there is room for. */
export function pooled(values: readonly number[], most: number): number[] {
  const per = Math.max(1, Math.ceil(values.length / most));
  return Array.from({ length: Math.ceil(values.length / per) }, (_, i) => {
    const own = values.slice(i * per, (i + 1) * per);
    return own.reduce((max, value) => Math.max(max, value), elementAt(own, 0));
  });
}
