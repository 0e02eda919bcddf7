/*
 * One family of colours for heat maps, from ColorBrewer's YlGnBu: readable by the colour-blind, told apart by lightness
 * alone, and here resampled so that equal steps of a value are equal steps of lightness. It runs away from the
 * background: pale to dark blue on light, dark blue to pale on dark.
 */

import { elementAt } from "../../src/engine/numbers/elements";

/** A colour as three bytes. */
export type Colour = readonly [red: number, green: number, blue: number];
/** The kinds of themes that VS Code has. */
export type ThemeKind = "light" | "dark" | "high-contrast" | "high-contrast-light";

const steps = 64;

const anchors = ["#f7fcd4", "#d3edb8", "#9ed9b9", "#5cbfc1", "#2f9dc1", "#2571b0", "#234a98", "#1c2d78", "#10194d"];

function parse(hex: string): Colour {
  const byte = (at: number) => parseInt(hex.slice(at, at + 2), 16);
  return [byte(1), byte(3), byte(5)];
}

/** The lightness of a colour, CIE L*, 0..100. */
export function lightness([red, green, blue]: Colour): number {
  const y = relativeLuminance([red, green, blue]);
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

/** The relative luminance of a colour as WCAG defines it, 0..1. */
export function relativeLuminance(colour: Colour): number {
  const linear = (byte: number) => {
    const c = byte / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  const [red, green, blue] = colour;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function mix(a: Colour, b: Colour, share: number): Colour {
  const channel = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * share);
  return [channel(0), channel(1), channel(2)];
}

/** The colours between these, from the lightest to the darkest, in equal steps of lightness. */
function evenRamp(colours: readonly Colour[]): Colour[] {
  const light = colours.map(lightness);
  const first = elementAt(light, 0);
  const last = elementAt(light, light.length - 1);
  return Array.from({ length: steps }, (_, i) => {
    const wanted = first + ((last - first) * i) / (steps - 1);
    let segment = 0;
    while (segment < light.length - 2 && elementAt(light, segment + 1) > wanted) segment++;
    const [lighter, darker] = [elementAt(colours, segment), elementAt(colours, segment + 1)];
    let low = 0;
    let high = 1;
    for (let round = 0; round < 16; round++) {
      const middle = (low + high) / 2;
      if (lightness(mix(lighter, darker, middle)) > wanted) low = middle;
      else high = middle;
    }
    return mix(lighter, darker, high);
  });
}

const lightToDark = evenRamp(anchors.map(parse));
const darkToLight = [...lightToDark].reverse();
/*
 * For values on both sides of a middle: from the background's grey to orange and to blue, which the colour-blind tell apart,
 * both in the same equal steps of lightness.
 */
const arms = {
  light: { below: ["#f5f5f5", "#f3a953", "#a35308", "#5c2c04"], above: ["#f5f5f5", "#7fb5e0", "#1f6fb2", "#0a3763"] },
  dark: { below: ["#ffd9a8", "#e08a2b", "#7d430c", "#262626"], above: ["#cbe3f8", "#56a0dc", "#134f80", "#262626"] },
};
const outwards = {
  light: { below: evenRamp(arms.light.below.map(parse)), above: evenRamp(arms.light.above.map(parse)) },
  dark: {
    below: evenRamp(arms.dark.below.map(parse)).reverse(),
    above: evenRamp(arms.dark.above.map(parse)).reverse(),
  },
};
const greys = evenRamp([parse("#ffffff"), parse("#000000")]);
const blackToWhite = [...greys].reverse();

const ramps: Record<ThemeKind, readonly Colour[]> = {
  light: lightToDark,
  dark: darkToLight,
  "high-contrast": blackToWhite,
  "high-contrast-light": greys,
};

/** The colour of a value, 0 (like the background) to 1. */
export function colourOf(position: number, theme: ThemeKind): Colour {
  const ramp = ramps[theme];
  return elementAt(ramp, Math.round(Math.min(1, Math.max(0, position)) * (ramp.length - 1)));
}

/** The colour of a value on a scale with a middle: 0 (all on the one side) over 0.5 (like the background) to 1. */
export function divergingColourOf(position: number, theme: ThemeKind): Colour {
  const side = 2 * Math.min(1, Math.max(0, position)) - 1;
  const ramps = outwards[theme === "light" || theme === "high-contrast-light" ? "light" : "dark"];
  const ramp = side < 0 ? ramps.below : ramps.above;
  return elementAt(ramp, Math.round(Math.abs(side) * (ramp.length - 1)));
}

/** The colour of a value on the scale of a chart, which may have a middle. */
export function colourIn(
  { theme, diverges = false }: { readonly theme: ThemeKind; readonly diverges?: boolean },
  position: number,
): Colour {
  return (diverges ? divergingColourOf : colourOf)(position, theme);
}

/** A colour as CSS writes it. */
export function css([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** Black or white, whichever reads better on a colour: always at least 4.5 to 1. */
export function textColourOn(colour: Colour): "#000000" | "#ffffff" {
  return relativeLuminance(colour) > 0.179 ? "#000000" : "#ffffff";
}
