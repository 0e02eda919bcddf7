import base64 from "./print-font.woff2";

/*
 * The letters of exported pictures: DejaVu Sans Condensed, those of Latin, Greek and Cyrillic, and signs. A picture has them in it, so that it is read alike
 * everywhere; a program that takes no fonts from files finds one of nearly the same widths.
 */

const family = "Paramscope Print";

/** What exported pictures are written in, as CSS and SVG name it. */
export const printFamily = `'${family}', 'DejaVu Sans Condensed', Arial, Helvetica, sans-serif`;

/** The style sheet that brings the letters into a picture. */
export const printFontFace = `@font-face{font-family:"${family}";src:url(data:font/woff2;base64,${base64}) format("woff2")}`;

let loaded: Promise<unknown> | undefined;

/** Has the page know the letters, so that it can measure with them. */
export function loadPrintFont(): Promise<unknown> {
  loaded ??= (async () => {
    // from its bytes: a page's policy lets it load no font
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const font = await new FontFace(family, bytes).load();
    document.fonts.add(font);
  })();
  return loaded;
}

/** How wide a text is in these letters, in pixels. */
export function printedWidth(text: string, size: number): number {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return text.length * size * 0.6;
  context.font = `${size}px ${printFamily}`;
  return context.measureText(text).width;
}
