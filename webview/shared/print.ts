import { render, type nothing, type TemplateResult } from "lit";
import { lightColours } from "../../src/report/colours";
import { drawnMap } from "./heat-map-canvas";
import { heatMapElements } from "./heat-map-svg";
import { withPixelsPerInch } from "./png-file";
import { loadPrintFont, printFamily, printFontFace } from "./print-font";
import type { PrintSize } from "./print-size";
import { elementsOf, escapeXml } from "./svg-file";
import { html } from "./template";

/*
 * A chart as a picture for paper. The section that it stands in is drawn once more where nobody sees it: as wide as the picture is, in the light theme
 * whatever the editor has, without what is for keys and pointers. What then stands there is written as SVG, texts as texts.
 */

/** What a section is drawn with for paper. */
export interface Print {
  readonly width: number;
  readonly theme: "light";
}

/** A chart as it is to be printed. */
export interface Printed {
  /** What the picture says above it. */
  readonly title: string;
  /** The section that the chart is in. */
  readonly section: TemplateResult | typeof nothing;
  /** The chart's drawing in it (`data-chart`); all heat maps unless given. */
  readonly chart?: string;
  /** What the axes are of, with the unit, where the chart does not say so itself. */
  readonly up?: string;
  readonly across?: string;
  /** Whether legends of the section are of other charts. */
  readonly hasNoLegend?: boolean;
}

/** A panel as it is drawn for paper. */
export function onPaper<Panel extends { readonly view: { readonly tables: readonly unknown[] } }>(
  panel: Panel,
  print: Print,
): Panel & Print {
  return { ...panel, ...print, view: { ...panel.view, tables: [] } };
}

const margin = 8;
const ink = lightColours["--vscode-foreground"];
const background = lightColours["--vscode-editor-background"];

const ofSheet = `
:host { ${Object.entries(lightColours)
  .map(([name, colour]) => `${name}: ${colour};`)
  .join(" ")} }
.sheet { position: fixed; left: 0; top: 0; visibility: hidden; box-sizing: border-box; padding: ${margin}px; color: ${ink};
  font: 11px/1.4 ${printFamily}; text-align: left; overflow-wrap: anywhere; }
.sheet .title { margin: 0 0 6px; font-size: 12px; }
.sheet .up, .sheet .across { margin: 2px 0; color: var(--vscode-descriptionForeground); }
.sheet .across { text-align: center; }
.sheet .legend { margin: 4px 0; font-size: 11px; }
.sheet .readout { display: none; }
.sheet .paired-maps { gap: 4px 24px; }
.sheet h3 { font-weight: normal; }
.sheet svg text { font-family: ${printFamily}; }
`;

let known: CSSStyleSheet | undefined;

/** The page's own style sheet, for what is in a root of its own; no theme of the editor is known there. */
function styleSheet(): CSSStyleSheet {
  if (known) return known;
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText));
  known = new CSSStyleSheet();
  known.replaceSync(`${rules.join("\n").replaceAll(":root", ":host")}\n${ofSheet}`);
  return known;
}

/** The SVG file of a chart; undefined where there is no such chart now. */
export async function svgOf(
  print: (print: Print) => Printed | undefined,
  size: PrintSize,
): Promise<string | undefined> {
  await loadPrintFont();
  const printed = print({ width: Math.floor(size.drawn - 2 * margin), theme: "light" });
  if (!printed) return undefined;
  const host = document.createElement("div");
  host.ariaHidden = "true";
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [styleSheet()];
  document.body.append(host);
  try {
    const sheet = document.createElement("div");
    sheet.className = "sheet";
    sheet.style.setProperty("width", `${size.drawn}px`);
    root.append(sheet);
    return layOut(sheet, printed) ? written(sheet, printed.title, size) : undefined;
  } finally {
    host.remove();
  }
}

/** Puts what belongs into the picture onto the sheet; says whether the chart is there. */
function layOut(sheet: HTMLElement, { title, section, chart, up, across, hasNoLegend }: Printed): boolean {
  const drawn = document.createElement("div");
  sheet.append(drawn);
  render(section, drawn);
  const charts = chart === undefined ? ".paired-maps, canvas[data-chart]" : `[data-chart="${chart}"]`;
  const parts = [...drawn.querySelectorAll(hasNoLegend ? charts : `${charts}, .legend`)].filter(
    (part) => part.parentElement?.closest(".paired-maps") === null,
  );
  const isChart = (part: Element) => part.matches(charts);
  if (!parts.some(isChart)) return false;
  const heading = document.createElement("div");
  render(html`<p class="title">${title}</p>`, heading);
  sheet.prepend(heading);
  for (const part of parts) {
    if (isChart(part) && up !== undefined) sheet.append(paragraph("up", up));
    // what the style sheet says of drawings in it
    sheet.append(part.closest(".bars, .heat-map") ?? part);
    if (isChart(part) && across !== undefined) sheet.append(paragraph("across", across));
  }
  drawn.remove();
  return true;
}

function paragraph(name: "up" | "across", text: string): HTMLElement {
  const made = document.createElement("div");
  render(html`<p class=${name}>${text}</p>`, made);
  return made;
}

/** What stands on the sheet, as an SVG file. */
function written(sheet: HTMLElement, title: string, { drawn, unit, ...size }: PrintSize): string {
  const origin = sheet.getBoundingClientRect();
  let [left, right] = [0, drawn];
  const see = (box: DOMRect) => {
    left = Math.min(left, box.left - origin.left - margin / 2);
    right = Math.max(right, box.right - origin.left + margin / 2);
  };
  const placed = (element: Element, content: string) => {
    const box = element.getBoundingClientRect();
    see(box);
    return `<g transform="translate(${fixed(box.left - origin.left)} ${fixed(box.top - origin.top)})">\n${content}\n</g>`;
  };
  const parts: string[] = [];
  const walk = (element: Element) => {
    if (element instanceof SVGSVGElement) {
      element.querySelectorAll("text").forEach((text) => see(text.getBoundingClientRect()));
      parts.push(placed(element, elementsOf(element)));
    } else if (element instanceof HTMLCanvasElement) {
      const map = drawnMap(element);
      if (map) parts.push(placed(element, heatMapElements(map, ink)));
    } else if (getComputedStyle(element).display !== "none")
      for (const child of element.childNodes) {
        if (child instanceof Element) walk(child);
        else if (child instanceof Text) parts.push(...linesOf(child, origin));
      }
  };
  walk(sheet);
  const [width, height] = [right - left, origin.height];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}${unit}" height="${fixed((size.width * height) / width)}${unit}" viewBox="${fixed(left)} 0 ${fixed(width)} ${fixed(height)}" font-family="${printFamily}" font-size="11">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${printFontFace}</style>`,
    `<rect x="${fixed(left)}" width="${fixed(width)}" height="${fixed(height)}" fill="${background}"/>`,
    ...parts,
    "</svg>",
  ].join("\n");
}

/** A text of the sheet, line by line. */
function linesOf(text: Text, origin: DOMRect): string[] {
  const element = text.parentElement;
  if (!element || text.data.trim() === "") return [];
  const { color, fontSize } = getComputedStyle(element);
  const axis = element.matches(".up") ? ' data-axis="up"' : element.matches(".across") ? ' data-axis="across"' : "";
  const lines: { readonly top: number; readonly bottom: number; left: number; words: string }[] = [];
  const range = document.createRange();
  for (const { 0: word, index } of text.data.matchAll(/\s+|[^\s]/gu)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const box = range.getClientRects()[0];
    const line = lines.at(-1);
    if (!box || (box.width === 0 && !line)) continue;
    // a space at the end of a line has no room there, and is none of the next
    if (line && (box.top < line.bottom - 2 || word.trim() === "")) {
      line.words += word.trim() === "" ? " " : word;
      line.left = Math.min(line.left, box.top < line.bottom - 2 ? box.left : line.left);
    } else if (word.trim() !== "") lines.push({ top: box.top, bottom: box.bottom, left: box.left, words: word });
  }
  return lines.map(({ top, bottom, left, words }) => {
    const [x, y] = [left - origin.left, (top + bottom) / 2 - origin.top];
    // names from right to left are isolated line by line
    const line = escapeXml(words.replace(/[\u2068\u2069]/g, "").trim());
    return `<text x="${fixed(x)}" y="${fixed(y)}" dy="0.35em" font-size="${fontSize}" fill="${color}"${axis}>${line}</text>`;
  });
}

const fixed = (value: number): string => String(Number(value.toFixed(2)));

/** The picture of an SVG file as PNG, as base64 without a prefix. */
export async function pngOf(svg: string, { pixels, perInch }: PrintSize): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = pixels;
  canvas.height = Math.round((pixels * image.naturalHeight) / image.naturalWidth);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const [, base64 = ""] = canvas.toDataURL("image/png").split(",");
  // too large for the browser
  if (base64 === "") throw new Error("The picture is too large.");
  if (perInch === undefined) return base64;
  const png = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return btoa(withPixelsPerInch(png, perInch).reduce((text, byte) => text + String.fromCharCode(byte), ""));
}
