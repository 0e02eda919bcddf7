/* What is shown of a page, as elements of an SVG file: what the style sheet says is written into them. */

import { elementAt } from "../../src/engine/numbers/elements";
import { isolated, readable } from "../../src/format/readable";

const copied = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size"] as const;

/** What belongs to the pointer and the keys, and not to the picture. */
const interaction = ".hit, .cursor, .at, .stood-on, .grip, .knob, .dot.chosen, title";

/** How far below its middle the line of a text is, in its size: not all programs know lines in the middle. */
export const TO_BASELINE = "0.35em";

/** A text as it can stand among others in XML, which has no control characters, and be read there. */
export function escapeXml(text: string): string {
  return flowingXml(isolated(readable(text)));
}

/** A readable text that runs as it does, in XML. */
export function flowingXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The elements of a drawing that is shown, with its colours. */
export function elementsOf(shown: SVGSVGElement): string {
  const copy = shown.cloneNode(true) as SVGSVGElement;
  const originals = shown.querySelectorAll("*");
  const copies = [...copy.querySelectorAll("*")];
  copies.forEach((element, i) => {
    const original = elementAt(originals, i);
    const style = getComputedStyle(original);
    for (const property of copied) {
      const value = plainColour(style.getPropertyValue(property));
      if (value !== initial[property]) element.setAttribute(property, value);
      else element.removeAttribute(property);
    }
    if (element.tagName === "text" && style.dominantBaseline === "central") element.setAttribute("dy", TO_BASELINE);
    for (const name of element.getAttributeNames()) {
      // A clip path is referred to by its id.
      const isInteraction = /^(aria-|class$|role$|tabindex$|font-weight$)/.test(name);
      if (isInteraction || (name === "id" && element.tagName !== "clipPath")) element.removeAttribute(name);
    }
  });
  copies.forEach((element, i) => {
    if (elementAt(originals, i).matches(interaction)) element.remove();
  });
  const serializer = new XMLSerializer();
  const content = [...copy.children].map((child) => serializer.serializeToString(child)).join("\n");
  return content.replace(/<!--[^>]*-->/g, "").replace(/(<[a-z]+) xmlns="[^"]*"/gi, "$1");
}

/** What needs no saying; fonts have their size, and lines their width, where there is one. */
const initial: Readonly<Partial<Record<(typeof copied)[number], string>>> = {
  "fill-opacity": "1",
  stroke: "none",
  "stroke-dasharray": "none",
  opacity: "1",
};

/** A colour that CSS has computed is written `color(srgb …)`, which not all programs that draw SVG know. */
function plainColour(value: string): string {
  const [, ...channels] = /^color\(srgb (\S+) (\S+) (\S+)\)$/.exec(value) ?? [];
  return channels.length > 0 ? `rgb(${channels.map((channel) => Math.round(255 * Number(channel))).join(" ")})` : value;
}
