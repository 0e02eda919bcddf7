import { mkdirSync, writeFileSync } from "node:fs";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { type View, viewOfEachTest } from "./harness/harness";
import { analyzed, done } from "./harness/states";

/* What of the panel can be taken elsewhere: tables by the clipboard, the text as a picture or a page. */

let document: AnalysisDocument;
let view: View;

const opened = viewOfEachTest("analysis", (each) => (view = each));

beforeAll(() => {
  document = analyzed("samples/fiction/harbour.txt");
});

beforeEach(async () => {
  await view.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await view.show(done(document));
});

const button = (name: string | RegExp) => view.page.getByRole("button", { name, exact: true });

async function copied(name: string | RegExp): Promise<string[]> {
  const before = await view.page.getByText("Copied").count();
  await button(name).click();
  await view.page.getByText("Copied").nth(before).waitFor();
  return (await view.page.evaluate<string>("navigator.clipboard.readText()")).split("\n");
}

async function exported(name: string): Promise<{ name: string; content: string }> {
  const before = (await view.posted()).length;
  await button(name).click();
  await view.page.waitForFunction(`window.posted.length > ${before}`);
  const message = (await view.posted()).at(-1);
  if (message?.type !== "export") throw new Error("nothing was exported");
  return message;
}

test("every table is copied as tab-separated text, with all digits", async () => {
  for (const chart of ["Layers", "Matrices", "Text"])
    await view.page.getByRole("switch", { name: `${chart} as a table` }).click();
  await view.settle();
  const layers = await copied("Copy: Layers");
  expect(layers).toHaveLength(1 + document.layers.length);
  expect(layers[0]).toBe("Layer\tDensity\tActive\tWeights\tMean\tNorm\tMaximum\tBeside typical");
  expect(layers[1].split("\t")[1]).toBe(String(document.layers[0].density));
  expect(await copied("Copy: Matrices")).toHaveLength(1 + 12 * 7);
  expect(await copied("Copy: Tokens")).toHaveLength(1 + document.samples[0].tokens.length);
  await view.page.getByRole("switch", { name: "Matrices as a table" }).click();
  await view.page.getByRole("application").focus();
  await view.page.keyboard.press("Enter");
  await view.settle();
  const strongest = await copied("Copy: Strongest weights");
  const [top] = document.layers[0].modules[0].top;
  expect(strongest[1].split("\t")).toEqual(["1", top.row, top.column, top.value, top.weight].map(String));
});

test("a table is sorted by its titles, with keys too, and copied as it is sorted", async () => {
  await view.page.getByRole("switch", { name: "Layers as a table" }).click();
  await view.settle();
  const title = view.page.getByRole("columnheader", { name: "Density", exact: true });
  const densities = document.layers.map(({ density }) => density);
  const column = async () => (await copied("Copy: Layers")).slice(1).map((line) => Number(line.split("\t")[1]));
  expect(await title.getAttribute("aria-sort")).toBe("none");
  await title.getByRole("button").click();
  expect(await title.getAttribute("aria-sort")).toBe("descending");
  expect(await column()).toEqual([...densities].sort((a, b) => b - a));
  mkdirSync("dist/pictures", { recursive: true });
  await view.page.screenshot({ path: "dist/pictures/sorted-table.png" });
  await view.page.keyboard.press("Shift+Tab");
  await title.getByRole("button").focus();
  await view.page.keyboard.press("Enter");
  expect(await title.getAttribute("aria-sort")).toBe("ascending");
  expect(await column()).toEqual([...densities].sort((a, b) => a - b));
  await title.getByRole("button").click();
  expect(await column()).toEqual(densities);
});

test("the text is exported as a picture and as a page", async () => {
  await button("Export").click();
  await view.settle();
  await button("HTML").click();
  expect(await view.page.locator("#export-note").textContent()).toContain("Only the text can be a page");
  await view.page.getByRole("combobox", { name: "Chart to export" }).click();
  await view.page.getByRole("option", { name: "Text" }).click();
  const { text } = document.samples[0];

  const svg = await exported("SVG");
  mkdirSync("dist/pictures", { recursive: true });
  writeFileSync("dist/pictures/text.svg", svg.content);
  expect(svg.name).toBe("harbour-text-85mm.svg");
  expect(svg.content).toContain("harbour.txt · demo · saliency of tokens, the whole prediction of what comes next");
  const drawn = [...svg.content.matchAll(/xml:space="preserve"[^>]*>([^<]*)</g)].map(([, piece]) => piece).join("");
  const plain = (value: string) => value.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  expect(plain(drawn)).toBe(text.replaceAll("\n", ""));

  const png = Buffer.from((await exported("PNG")).content, "base64");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  writeFileSync("dist/pictures/text.png", png);

  const page = await exported("HTML");
  writeFileSync("dist/pictures/text.html", page.content);
  expect(page.name).toBe("harbour-text.html");
  const reader = await opened().browser.newPage();
  await reader.setContent(page.content);
  expect(await reader.locator("p").textContent()).toBe(text);
  expect(await reader.locator("span").first().getAttribute("title")).toMatch(/saliency/);
  await reader.close();
});
