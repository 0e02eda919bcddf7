import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { darkColours, lightColours } from "../../src/report/colours";
import { relativeLuminance, type Colour } from "../../webview/shared/colour-scale";
import { themes } from "../browser/harness/themes";

interface ContributedColour {
  readonly id: string;
  readonly defaults: Readonly<Record<"dark" | "light" | "highContrast" | "highContrastLight", string>>;
}

const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as {
  contributes: { colors: readonly ContributedColour[] };
};

const kinds = {
  dark: "dark",
  light: "light",
  highContrast: "high-contrast",
  highContrastLight: "high-contrast-light",
} as const;

const colourOf = (id: string, kind: keyof typeof kinds): string =>
  contributes.colors.find((colour) => colour.id === `paramscope.${id}`)?.defaults[kind] ?? "";

const bytes = (hex: string): Colour => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Colour;

/** A colour as it is seen on an opaque one. */
function over(hex: string, background: string): Colour {
  const alpha = hex.length > 7 ? parseInt(hex.slice(7), 16) / 255 : 1;
  const below = bytes(background);
  return bytes(hex).map((byte, i) => alpha * byte + (1 - alpha) * below[i]) as unknown as Colour;
}

function contrast(a: Colour, b: Colour): number {
  const [dark, light] = [relativeLuminance(a), relativeLuminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(Object.entries(kinds) as [keyof typeof kinds, keyof typeof themes][])("tints in %s", (kind, theme) => {
  const { variables } = themes[theme];
  const background = variables["--vscode-editor-background"];
  const seen = (level: number) => over(colourOf(`saliency${level}`, kind), background);

  test("the strongest stands out from the editor, and its text from it", () => {
    expect(contrast(seen(5), bytes(background))).toBeGreaterThanOrEqual(3);
    expect(contrast(seen(5), bytes(colourOf("salientForeground", kind)))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(seen(4), bytes(variables["--vscode-foreground"]))).toBeGreaterThanOrEqual(4.5);
  });

  test("each is stronger than the one below", () => {
    const contrasts = [1, 2, 3, 4, 5].map((level) => contrast(seen(level), bytes(background)));
    expect(contrasts).toEqual([...contrasts].sort((a, b) => a - b));
    expect(new Set(contrasts.map((figure) => figure.toFixed(2))).size).toBe(5);
  });

  test("are those of the panel, and of a report", () => {
    expect(variables["--vscode-paramscope-saliency5"]).toBe(colourOf("saliency5", kind));
    expect(variables["--vscode-paramscope-salientForeground"]).toBe(colourOf("salientForeground", kind));
  });
});

test("reports have them without an editor", () => {
  expect(lightColours["--vscode-paramscope-saliency5"]).toBe(colourOf("saliency5", "light"));
  expect(darkColours["--vscode-paramscope-saliency5"]).toBe(colourOf("saliency5", "dark"));
});
