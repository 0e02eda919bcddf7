import type { SampleDescription } from "../../src/engine/document/document";
import { readable } from "../../src/format/readable";
import { strongestSaliency, tokenSpans } from "../../src/format/token-spans";
import { escapeXml, type Paper, flowingXml, svgPage } from "./svg-file";
import { themeColour } from "./theme";
import { describeToken } from "./tinted-text";

/* A tinted text as a file of its own: a picture, or a page. */

const width = 760;
const fontSize = 13;
const lineHeight = 22;
const font = "ui-monospace, Menlo, Consolas, monospace";
/** The opacity of the strongest tint. */
const darkest = 0.6;

/** The colour of tints, as on the screen. */
function tintColour(): string {
  return themeColour("--vscode-charts-orange", "#d18616");
}

/** A stretch of text that is tinted evenly, within one line. */
interface Fragment {
  readonly text: string;
  /** The strength of the tint, 0..1: by the square root of the saliency, as on the screen. */
  readonly tint: number;
  readonly against: boolean;
  readonly title: string;
}

/** The text in lines of equal width, each token on its tint. */
export function textSvg(sample: SampleDescription, paper: Paper): string {
  const tint = tintColour();
  const measure = measurer();
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
    const at = `x="${x.toFixed(1)}"`;
    const size = `width="${length.toFixed(1)}" height="${lineHeight - 3}"`;
    if (share > 0)
      drawn.push(
        `<rect ${at} y="${top}" ${size} rx="2" fill="${tint}" fill-opacity="${(darkest * share).toFixed(2)}"/>`,
      );
    drawn.push(
      `<text ${at} y="${top + 14}" textLength="${length.toFixed(1)}" xml:space="preserve">${flowingXml(text)}</text>`,
    );
    if (against) {
      const ends = `x1="${x.toFixed(1)}" x2="${(x + length).toFixed(1)}" y1="${top + 18}" y2="${top + 18}"`;
      drawn.push(`<line ${ends} stroke="${paper.foreground}" stroke-dasharray="3 2"/>`);
    }
    x += length;
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
  const content = `<g font-family="${font}" font-size="${fontSize}" fill="${paper.foreground}">${drawn.join("\n")}</g>`;
  return svgPage(content, width, (line + 1) * lineHeight, paper);
}

/** The text as a page that needs nothing else; what a token counts is said when one points at it. */
export function textPage(sample: SampleDescription, { title, foreground, background }: Paper): string {
  const tint = tintColour();
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
body { margin: 2rem auto; max-width: 50rem; padding: 0 1rem; color: ${foreground}; background: ${background}; font: 14px/1.7 ${font}; }
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

function measurer(): (text: string) => number {
  const context = document.createElement("canvas").getContext("2d");
  if (context) context.font = `${fontSize}px ${font}`;
  return (text) => context?.measureText(text).width ?? text.length * fontSize * 0.6;
}
