/* A chart as a file of its own: with a title that says what it is, and what the style sheet says written into the elements. */

import { elementAt } from "../../src/engine/numbers/elements";
import { isolated, readable } from "../../src/format/readable";

/** What a picture is drawn on: its title and its colours. */
export interface Paper {
  readonly title: string;
  readonly foreground: string;
  readonly background: string;
}

const copied = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font-size",
  "font-weight",
] as const;
const margin = 12;
const titleHeight = 24;

/** A text as it can stand among others in XML, which has no control characters, and be read there. */
export function escapeXml(text: string): string {
  return flowingXml(isolated(readable(text)));
}

/** A readable text that runs as it does, in XML. */
export function flowingXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An SVG file around elements that fill a width and a height. */
export function svgPage(
  content: string,
  width: number,
  height: number,
  { title, foreground, background }: Paper,
): string {
  const fullWidth = width + 2 * margin;
  const fullHeight = height + titleHeight + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="${background}"/>`,
    `<text x="${margin}" y="${margin + 9}" font-size="12" fill="${foreground}">${escapeXml(title)}</text>`,
    `<g transform="translate(${margin} ${margin + titleHeight})">`,
    content,
    "</g>",
    "</svg>",
  ].join("\n");
}

/** An SVG file of a chart that is shown, with its colours. */
export function svgFile(shown: SVGSVGElement, paper: Paper): string {
  const copy = shown.cloneNode(true) as SVGSVGElement;
  const originals = shown.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, i) => {
    const style = getComputedStyle(elementAt(originals, i));
    for (const property of copied) element.setAttribute(property, plainColour(style.getPropertyValue(property)));
    if (element.tagName === "text") element.setAttribute("dominant-baseline", "central");
    for (const name of element.getAttributeNames()) {
      // A clip path is referred to by its id.
      const isInteraction = /^(aria-|class$|role$|tabindex$)/.test(name);
      if (isInteraction || (name === "id" && element.tagName !== "clipPath")) element.removeAttribute(name);
    }
  });
  const serializer = new XMLSerializer();
  const content = [...copy.children].map((child) => serializer.serializeToString(child)).join("\n");
  const { width, height } = shown.getBoundingClientRect();
  return svgPage(content.replace(/<!--[^>]*-->/g, ""), width, height, paper);
}

/** A colour that CSS has computed is written `color(srgb …)`, which not all programs that draw SVG know. */
function plainColour(value: string): string {
  const [, ...channels] = /^color\(srgb (\S+) (\S+) (\S+)\)$/.exec(value) ?? [];
  return channels.length > 0 ? `rgb(${channels.map((channel) => Math.round(255 * Number(channel))).join(" ")})` : value;
}

/** The picture of an SVG file at twice its size, as base64 without a prefix. */
export async function pngOf(svg: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.naturalWidth;
  canvas.height = 2 * image.naturalHeight;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png").replace(/^data:image\/png;base64,/, "");
}
