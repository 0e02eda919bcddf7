/// <reference lib="dom" />
import type { Page } from "playwright-core";

/** What is wrong with an exported SVG picture, as a browser draws it: nothing that is not of the picture helps to draw it. */
export async function problemsOf(page: Page, svg: string): Promise<string[]> {
  const outside = svg.match(/(?:href|src)="(?!#|data:)[^"]*"|url\((?!#|"?data:|&#34;#)[^)]*\)/g) ?? [];
  await page.setContent(`<body style="margin:0">${svg}</body>`);
  await page.evaluate("document.fonts.ready");
  const found = await page.evaluate<string[]>(`(${measure.toString()})()`);
  return [...outside.map((reference) => `refers to ${reference}`), ...found];
}

/** Runs in the page. */
function measure(): string[] {
  const problems: string[] = [];
  const svg = document.querySelector("svg");
  if (!svg) return ["no picture"];
  if (!svg.querySelector("title")?.textContent) problems.push("has no title");
  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = channels(colour).map((byte) => {
      const c = byte / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (a: string, b: string) => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const background = svg.querySelector(":scope > rect");
  if (background && getComputedStyle(background).fill !== "rgb(255, 255, 255)") problems.push("is not on white");
  const frame = svg.getBoundingClientRect();
  // the letters of a text are a little lower than its line
  const boxes = [...svg.querySelectorAll("text")].map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const less = 0.18 * (Math.abs(text.getCTM()?.b ?? 0) > 0.5 ? 0 : bottom - top);
    return { text, said: text.textContent, left, right, top: top + less, bottom: bottom - less };
  });
  const cells = [...svg.querySelectorAll("rect")]
    .filter((rect) => rect.querySelector("title"))
    .map((rect) => ({ fill: getComputedStyle(rect).fill, box: rect.getBoundingClientRect() }));
  for (const { text, said, left, right, top, bottom } of boxes) {
    if (said.trim() === "") continue;
    const isInside =
      left >= frame.left - 0.5 && right <= frame.right + 0.5 && top >= frame.top - 0.5 && bottom <= frame.bottom + 0.5;
    if (!isInside) problems.push(`"${said}" is outside`);
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const cell = cells.find(({ box }) => x > box.left && x < box.right && y > box.top && y < box.bottom);
    const { fill, fontSize } = getComputedStyle(text);
    if (contrast(fill, cell?.fill ?? "rgb(255, 255, 255)") < 4.5) problems.push(`"${said}" is pale: ${fill}`);
    if (parseFloat(fontSize) < 6) problems.push(`"${said}" is small: ${fontSize}`);
  }
  // pieces of one paragraph stand side by side
  const apart = boxes.filter(({ text, said }) => said.trim() !== "" && !text.hasAttribute("xml:space"));
  for (const [i, a] of apart.entries())
    for (const b of apart.slice(i + 1)) {
      const [across, down] = [
        Math.min(a.right, b.right) - Math.max(a.left, b.left),
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
      ];
      if (across > 0.75 && down > 0.75) problems.push(`"${a.said}" and "${b.said}" overlap`);
    }
  return problems;
}
