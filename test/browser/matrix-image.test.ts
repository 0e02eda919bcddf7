import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { imageValues } from "../../src/engine/document/matrix-image";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatNumber } from "../../src/format/numbers";
import { unusualPlaces } from "../../src/format/typical-findings";
import type { FromAnalysisView } from "../../src/pages/analysis";
import { View, viewOfEachTest } from "./harness/harness";
import { analyzed, DIGITS, done } from "./harness/states";
import { themeNames } from "./harness/themes";

/* One matrix as a picture: from the result, and down to single weights as the extension sends them on demand. */

const folder = "dist/pictures/matrix";
let document: AnalysisDocument;
let view: View;

const opened = viewOfEachTest("analysis", (each) => (view = each));

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  document = analyzed("--text", DIGITS);
});

const open = async (shown: AnalysisDocument = document, keys: readonly string[] = ["Enter"], on = view) => {
  await on.show(done(shown, "digits.txt"));
  await on.page.getByRole("application", { name: "Matrices by layer" }).focus();
  for (const key of keys) await on.page.keyboard.press(key);
  await on.settle();
};

const picture = () => view.page.getByRole("application", { name: /by activation\. Arrow keys walk the cells/ });
const readout = async () => await view.page.locator("#matrix-image-cell").textContent();
const lastPosted = async () => (await view.posted<FromAnalysisView>()).at(-1);

test("the picture has the matrix' cells, its heads named and its strongest weights ringed", async () => {
  await open();
  const [{ modules }] = document.layers;
  const { image, max, heads, top } = modules[0];
  if (!image) throw new Error("There is no picture.");
  const values = imageValues(image, max);
  expect(await readout()).toBe(`Rows 0–3, columns 0–3, head 0: strongest activation ${formatNumber(values[0])}`);
  for (const key of ["ArrowRight", "ArrowDown", "End"]) await picture().press(key);
  await view.settle();
  expect(await readout()).toBe(
    `Rows 4–7, columns 188–191, head 0: strongest activation ${formatNumber(values[2 * image.columns - 1])}`,
  );
  expect(await view.page.locator(".matrix-picture .ring").count()).toBe(top.length);
  expect(await view.page.locator(".matrix-picture .label").allTextContents()).toEqual(
    heads.map(({ head }) => `head ${head}`),
  );
  // what is seen is the picture: the strongest cell has another colour than the weakest
  const colours = await view.page.evaluate<number>(`(async () => {
    const image = new Image();
    image.src = document.querySelector(".matrix-picture image").getAttribute("href");
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return new Set(Array.from({ length: image.width * image.height }, (_, i) => data.slice(4 * i, 4 * i + 3).join())).size;
  })()`);
  expect(colours).toBeGreaterThan(20);
});

test("its strongest cells are a table, and it is exported as it is seen", async () => {
  await open();
  await view.page.getByRole("button", { name: "Export" }).click();
  await view.page.getByRole("combobox", { name: "Chart to export" }).click();
  await view.page.getByRole("option", { name: "Where in the matrix" }).click();
  await view.page.getByRole("button", { name: "SVG" }).click();
  const svg = await lastPosted();
  expect(svg).toMatchObject({ type: "export", name: "digits-image-85mm.svg" });
  expect(svg?.type === "export" && svg.content).toMatch(/<image [^>]*href="data:image\/png;base64,/);
  await view.page.getByRole("switch", { name: "Where in the matrix as a table" }).click();
  await view.settle();
  const [{ modules }] = document.layers;
  const [{ row, column, value }] = modules[0].top;
  const first = await view.page.locator(".image tbody tr").first().locator("th, td").allInnerTexts();
  const around = (at: number) => `${4 * Math.floor(at / 4)}–${4 * Math.floor(at / 4) + 3}`;
  expect(first).toEqual([around(row), around(column), formatNumber(value)]);
});

test("closer than the result has it single weights are asked for, and drawn when they are told", async () => {
  await open();
  await picture().press("+");
  await view.settle();
  expect(await lastPosted()).toEqual({
    type: "openWeights",
    layer: 0,
    matrix: "self_attn.q_proj",
    region: { rows: [0, 96], columns: [0, 96] },
  });
  const place = { layer: 0, matrix: "self_attn.q_proj" };
  const progress = { phase: "backward", done: 3, layers: 12, share: 0.4, secondsLeft: 2 } as const;
  await view.send({ type: "weights", weights: { ...place, phase: "running", progress } });
  expect(await view.page.locator(".image [role=status]").innerText()).toContain("its text is run again");
  await view.page.getByRole("button", { name: "Cancel" }).click();
  expect(await lastPosted()).toEqual({ type: "cancelWeights" });
  await view.send({ type: "weights", weights: { ...place, phase: "cancelled" } });
  await view.page.getByRole("button", { name: "Show these weights" }).click();
  expect((await lastPosted())?.type).toBe("openWeights");

  const codes = Buffer.from(Uint8Array.from({ length: 96 * 96 }, (_, i) => i % 256)).toString("base64");
  const region = { rows: [0, 96], columns: [0, 96] } as const;
  const image = { rows: 96, columns: 96, codes };
  await view.send({ type: "weights", weights: { ...place, phase: "done", region, max: 0.5, image } });
  expect(await view.page.locator(".image .note").first().innerText()).toBe("a cell is one weight");
  expect(await readout()).toMatch(/^Row 0, column 0, head 0: activation 0$/);
  await picture().press("End");
  await view.settle();
  // walking on asks for what lies there; until it is told the result has this much of it
  expect(await readout()).toMatch(/^Rows 0–3, columns 92–95, head 0: strongest activation /);
  expect(await lastPosted()).toMatchObject({ type: "openWeights", region: { rows: [0, 96], columns: [48, 144] } });
  await view.page.getByRole("button", { name: "The whole matrix" }).click();
  await view.settle();
  expect(await readout()).toMatch(/^Rows 0–3, columns /);
  expect(await view.axe()).toEqual([]);
  await view.send({ type: "weights", weights: { ...place, phase: "error", message: "It needs a model." } });
  await picture().press("+");
  await view.settle();
  expect(await view.page.getByRole("alert").innerText()).toContain("It needs a model.");
});

test("what is unusual of it is marked at its side, and said", async () => {
  await view.show(done(document, "digits.txt"));
  const [place] = unusualPlaces(document).flatMap(({ places }) =>
    places.filter(({ place: { module } }) => module !== undefined),
  );
  await view.page.locator(".place-link").first().click();
  await view.settle();
  expect(await view.page.locator(".stands-out").count()).toBeGreaterThan(0);
  const said = (await view.page.locator(".image .places li").allInnerTexts()).map((text) => text.toLowerCase());
  expect(said).toContain(`${place.name} ${place.words}.`.toLowerCase());
  await view.page.screenshot({ path: `${folder}/unusual.png`, fullPage: true });
});

test("an expert's matrix is drawn when it is asked for, and zoomed as others are", async () => {
  const mixture = analyzed("samples/fiction/letter.txt", "--model", "test/fixtures/qwen3_moe");
  const row = mixture.layers.findIndex(({ routing }) => routing !== undefined);
  const { layer, modules } = mixture.layers[row];
  const own = modules
    .filter(({ name }) => name.endsWith("gate_proj"))
    .reduce((most, module) => (module.sum > most.sum ? module : most));
  const [out, input] = own.shape;
  await open(mixture, []);
  for (let down = 0; down < row; down++) await view.page.keyboard.press("ArrowDown");
  while (!(await view.page.locator("#matrices-cell").innerText()).includes(" gate"))
    await view.page.keyboard.press("ArrowRight");
  await view.page.keyboard.press("Enter");
  await view.settle();
  expect(await view.page.locator(".image .note").innerText()).toBe(
    "Of experts' matrices, which may be thousands, a result has figures and no pictures.",
  );
  await view.page.getByRole("button", { name: "Draw the matrix" }).click();
  const place = { layer, matrix: own.name };
  const region = { rows: [0, out], columns: [0, input] } as const;
  expect(await lastPosted()).toEqual({ type: "openWeights", ...place, region });
  const codes = Buffer.from(Uint8Array.from({ length: out * input }, (_, i) => 1 + (i % 255))).toString("base64");
  const image = { rows: out, columns: input, codes };
  await view.send({ type: "weights", weights: { ...place, phase: "done", region, max: own.max, image } });
  expect(await view.page.locator(".image .note").first().innerText()).toBe("a cell is one weight");
  await picture().press("ArrowRight");
  await view.settle();
  expect(await readout()).toMatch(/^Row 0, column 1: activation /);
  expect(await view.axe()).toEqual([]);
  await view.page.screenshot({ path: `${folder}/expert.png`, fullPage: true });
});

test("a result of an earlier version has profiles in its place", async () => {
  const layers = document.layers.map((layer) => ({
    ...layer,
    modules: layer.modules.map((module) => ({ ...module, image: undefined, headSide: undefined })),
  }));
  await open({ ...document, layers });
  expect(await view.page.locator(".matrix-picture").count()).toBe(0);
  expect(await view.page.locator(".profiles h3").allInnerTexts()).toEqual([
    "Rows (outputs)",
    "Columns (inputs)",
    "Heads",
  ]);
});

test("a report has the picture, and nothing that needs an editor", async () => {
  const path = `${folder}/digits.html`;
  execFileSync(process.execPath, ["dist/cli.cjs", "analyze", "--text", DIGITS, "--report", path, "--quiet"]);
  const report = await View.openFile(opened().browser, path);
  await report.page.getByRole("application", { name: "Matrices by layer" }).press("Enter");
  await report.settle();
  const own = report.page.getByRole("application", { name: /by activation\. Arrow keys walk the cells\.$/ });
  await own.press("ArrowRight");
  await report.settle();
  expect(await report.page.locator("#matrix-image-cell").textContent()).toMatch(/^Rows 0–3, columns 4–7, head 0: /);
  expect(await report.page.locator(".matrix-picture image").getAttribute("href")).toMatch(/^data:image\/png;base64,/);
  expect(await report.page.getByRole("button", { name: "Zoom into the matrix" }).count()).toBe(0);
  expect(report.problems).toEqual([]);
  await report.close();
});

test.each(themeNames)("in %s", async (theme) => {
  const own = await View.open(opened().browser, opened().files, { theme, width: theme === "light" ? 480 : 1000 });
  const found: string[] = [];
  for (const [name, times] of [
    ["q", 0],
    ["o", 3],
    ["down", 6],
  ] as const) {
    await open(document, [...Array.from({ length: times }, () => "ArrowRight"), "Enter"], own);
    found.push(...(await own.look(`${folder}/${name}-${theme}.png`)));
    await own.page.keyboard.press("Escape");
  }
  expect([...found, ...own.problems]).toEqual([]);
  await own.close();
});

test("rows and columns that a matrix lacks are not drawn", async () => {
  // a file that somebody wrote: a head beyond the matrix, a picture larger than it
  const [{ modules }, ...others] = document.layers;
  const [first, ...rest] = modules;
  const heads = first.heads.map((head) => ({ ...head, from: 1e6 }));
  const image = { rows: 300, columns: 2, codes: Buffer.alloc(600, 7).toString("base64") };
  const strange = { ...first, heads, image };
  await open({ ...document, layers: [{ ...elementAt(document.layers, 0), modules: [strange, ...rest] }, ...others] });
  expect(await view.page.locator(".matrix-picture .label").count()).toBe(0);
  expect(await readout()).toMatch(/^Row/);
});
