import { expect, test } from "vitest";
import {
  colourOf,
  divergingColourOf,
  lightness,
  relativeLuminance,
  textColourOn,
} from "../../webview/shared/colour-scale";
import { decades, linearScale, logScale } from "../../webview/shared/scales";

const steps = Array.from({ length: 33 }, (_, i) => i / 32);

test.each(["light", "dark", "high-contrast", "high-contrast-light"] as const)(
  "colours in %s go in even steps of lightness away from the background",
  (theme) => {
    const light = steps.map((position) => lightness(colourOf(position, theme)));
    const differences = light.slice(1).map((value, i) => value - light[i]);
    const isDark = theme === "dark" || theme === "high-contrast";
    expect(differences.every((difference) => (isDark ? difference > 0 : difference < 0))).toBe(true);
    const mean = Math.abs(light[32] - light[0]) / 32;
    for (const difference of differences) expect(Math.abs(Math.abs(difference) - mean)).toBeLessThan(0.6 * mean);
    expect(Math.abs(light[32] - light[0])).toBeGreaterThan(75);
  },
);

test("what is written on a colour can be read", () => {
  for (const position of steps) {
    const colour = colourOf(position, "dark");
    const behind = relativeLuminance(colour);
    const text = textColourOn(colour) === "#ffffff" ? 1 : 0;
    const [low, high] = [Math.min(text, behind), Math.max(text, behind)];
    expect((high + 0.05) / (low + 0.05)).toBeGreaterThan(4.5);
  }
});

test("a diverging scale has the same steps of lightness on both sides, away from the background", () => {
  for (const theme of ["light", "dark"] as const) {
    const sides = [0.5, 0.6, 0.7, 0.8, 0.9, 1].map((position) =>
      [position, 1 - position].map((at) => lightness(divergingColourOf(at, theme))),
    );
    const steps = sides.slice(1).map(([above], i) => above - sides[i][0]);
    for (const step of steps) expect(Math.sign(step)).toBe(theme === "light" ? -1 : 1);
    expect(Math.max(...steps.map(Math.abs)) / Math.min(...steps.map(Math.abs))).toBeLessThan(1.2);
    for (const [above, below] of sides) expect(Math.abs(above - below)).toBeLessThan(1.5);
    expect(divergingColourOf(0, theme)).not.toEqual(divergingColourOf(1, theme));
  }
});

test("a linear scale begins at 0, a logarithmic one at the lowest value above 0", () => {
  const linear = linearScale([2, 8, 0]);
  expect([linear.low, linear.high, linear.position(4), linear.position(99)]).toEqual([0, 8, 0.5, 1]);
  const log = logScale([0, 1e-4, 1e-2, 1]);
  expect([log.low, log.high]).toEqual([1e-4, 1]);
  expect([0, 1e-4, 1e-2, 1].map((value) => log.position(value))).toEqual([0, 0, 0.5, 1]);
  expect(logScale([0, 0]).position(0)).toBe(0);
  expect(logScale([3]).position(3)).toBe(1);
  expect(linearScale([]).position(1)).toBe(0);
});

test("ticks are powers of ten, as many as there is room for", () => {
  expect(decades(2e-7, 5e-3, 10)).toEqual([1e-6, 1e-5, 1e-4, 1e-3]);
  expect(decades(1e-9, 1, 5)).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1]);
  expect(decades(2, 3, 5)).toEqual([]);
});
