import type { TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import type { SampleDescription } from "../../src/engine/document/document";
import { readable } from "../../src/format/readable";
import { strongestSaliency, tokenSpans } from "../../src/format/token-spans";
import { lightColours } from "../../src/report/colours";
import { printedWidth } from "./print-font";
import { escapeXml, flowingXml } from "./svg-file";
import { html, svg } from "./template";
import { describeToken } from "./tinted-text";

/* A tinted text as a picture, or as a page of its own; both on paper. */

const fontSize = 11;
const lineHeight = 18;
const font = "ui-monospace, Menlo, Consolas, monospace";
/** The opacity of the strongest tint. */
const darkest = 0.6;
const tint = lightColours["--vscode-charts-orange"];
const foreground = lightColours["--vscode-foreground"];

/** The drawing of a text, to be printed by its name. */
export const textChart = "printed-text";

/** A stretch of text that is tinted evenly, within one line. */
interface Fragment {
  readonly text: string;
  /** The strength of the tint, 0..1: by the square root of the saliency, as on the screen. */
  readonly tint: number;
  readonly against: boolean;
  readonly title: string;
}

/** The text in lines of equal width, each token on its tint, and what the tints are. */
export function printedText(sample: SampleDescription, width: number): TemplateResult {
  const { content, height } = drawnText(sample, width);
  return html`<svg
      data-chart=${textChart}
      width=${width}
      height=${height}
      ${ref((element) => {
        if (element?.childElementCount === 0) element.innerHTML = content;
      })}
    ></svg>
    <p class="legend">
      <span>Saliency: none</span
      ><svg class="ramp" width="60" height="8">
        ${Array.from(
          { length: TINTS },
          (_, i) =>
            svg`<rect x=${(60 / TINTS) * i} y="0" width=${60 / TINTS} height="8" fill=${tint} fill-opacity=${((darkest * i) / (TINTS - 1)).toFixed(2)}></rect>`,
        )}</svg
      ><span>strongest</span><span class="key"
        ><svg class="swatch" width="24" height="8">
          <line x1="0" x2="24" y1="4" y2="4" stroke=${foreground} stroke-width="1" stroke-dasharray="3 2"></line></svg
        >counts against</span
      >
    </p>`;
}

const TINTS = 12;

function drawnText(sample: SampleDescription, width: number): { readonly content: string; readonly height: number } {
  const measure = (text: string) => printedWidth(text, fontSize);
  const drawn: string[] = [];
  let x = 0;
  let line = 0;
  const nextLine = () => {
    x = 0;
    line++;
  };
  const draw = ({ text, tint: share, against }: Fragment) => {
    const length = measure(text);
    const top = line * lineHeight;
    // between words a line breaks in the space, which the next token begins with
    const begin = x === 0 && line > 0 && text.startsWith(" ") ? -measure(" ") : x;
    const end = begin + length;
    const at = `x="${x.toFixed(1)}"`;
    const size = `width="${Math.max(0, end - x).toFixed(1)}" height="${lineHeight - 3}"`;
    if (share > 0)
      drawn.push(
        `<rect ${at} y="${top}" ${size} rx="2" fill="${tint}" fill-opacity="${(darkest * share).toFixed(2)}"/>`,
      );
    drawn.push(`<text x="${begin.toFixed(1)}" y="${top + 12}" xml:space="preserve">${flowingXml(text)}</text>`);
    if (against) {
      const ends = `x1="${x.toFixed(1)}" x2="${end.toFixed(1)}" y1="${top + 15.5}" y2="${top + 15.5}"`;
      drawn.push(`<line ${ends} stroke="${foreground}" stroke-width="1" stroke-dasharray="3 2"/>`);
    }
    x = end;
  };
  const fragments = fragmentsOf(sample);
  for (const [i, fragment] of fragments.entries()) {
    const rows = fragment.text.split("\n");
    for (const [index, row] of rows.entries()) {
      if (index > 0) nextLine();
      // A word is kept whole where a line can hold it, whatever its tokens.
      const length = measure(index === rows.length - 1 ? row + wordEnd(fragments, i + 1) : row);
      const beginsWord = /^\s/.test(row) || /\s$/.test(fragments[i - 1]?.text ?? " ");
      if (beginsWord && x > 0 && x + length > width && length <= width) nextLine();
      for (const piece of pieces(row, (text) => measure(text) > width)) {
        if (x > 0 && x + measure(piece) > width) nextLine();
        if (piece !== "") draw({ ...fragment, text: piece });
      }
    }
  }
  return {
    content: `<g font-size="${fontSize}" fill="${foreground}">${drawn.join("\n")}</g>`,
    height: (line + 1) * lineHeight,
  };
}

/** The text as a page that needs nothing else; what a token counts is said when one points at it. */
export function textPage(sample: SampleDescription, title: string): string {
  const spans = fragmentsOf(sample).map(({ text, tint: share, against, title: about }) => {
    const share100 = (100 * darkest * share).toFixed(0);
    const mark = against ? ' class="against"' : "";
    return share === 0 && !against
      ? flowingXml(text)
      : `<span${mark} style="--tint:${share100}%" title="${escapeXml(about)}">${flowingXml(text)}</span>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeXml(title)}</title>
<style>
body { margin: 2rem auto; max-width: 50rem; padding: 0 1rem; color: ${foreground}; background: ${lightColours["--vscode-editor-background"]}; font: 14px/1.7 ${font}; }
h1 { font: 600 14px/1.5 system-ui, sans-serif; }
p { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
span { background: color-mix(in srgb, ${tint} var(--tint), transparent); border-radius: 2px; }
.against { text-decoration: underline dashed 1px; text-underline-offset: 3px; }
</style>
</head>
<body>
<h1>${escapeXml(title)}</h1>
<p>${spans.join("")}</p>
</body>
</html>
`;
}

function fragmentsOf(sample: SampleDescription): Fragment[] {
  const strongest = strongestSaliency(sample);
  return tokenSpans(sample).map((part) => {
    // measured as it is written
    const text = readable(typeof part === "string" ? part : part.text);
    if (typeof part === "string") return { text, tint: 0, against: false, title: "" };
    const tint = strongest > 0 ? Math.sqrt(Math.abs(part.saliency) / strongest) : 0;
    // As on the screen: what is weak has no sign that could be seen.
    const shown = tint < 0.05 ? 0 : tint;
    const against = part.saliency < 0 && tint > 0.15;
    return { text, tint: shown, against, title: describeToken(part, strongest) };
  });
}

/** What fragments from `from` on add to a word that has begun before them. */
function wordEnd(fragments: readonly Fragment[], from: number): string {
  let end = "";
  for (const { text } of fragments.slice(from)) {
    const space = text.search(/\s/);
    end += space < 0 ? text : text.slice(0, space);
    if (space >= 0) break;
  }
  return end;
}

/** The text in pieces that each fit, as long as can be. */
function pieces(text: string, isTooLong: (text: string) => boolean): string[] {
  if (!isTooLong(text)) return [text];
  const half = Math.ceil(text.length / 2);
  return [...pieces(text.slice(0, half), isTooLong), ...pieces(text.slice(half), isTooLong)];
}
