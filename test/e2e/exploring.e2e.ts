import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { parseDocument } from "../../src/kinds/parse-document";
import type { AnalysisView } from "./analysis-view";
import { isWritten } from "./files";
import { repository } from "./server";
import { pictures, useWorkbench } from "./session";

/* One result, looked at from all sides. */

const workbench = useWorkbench();
let view: AnalysisView;

beforeAll(async () => {
  await workbench().openFile("story.txt");
  await workbench().chooseInEditor("Analyze activations");
  view = await workbench().analysis("story.txt");
  await view.done();
});

test("every view follows when the threshold is dragged", async () => {
  // else what is shown beside typical texts is, which does not depend on it
  await view.frame.getByRole("switch", { name: "Density of layers and matrices" }).click();
  const shown = async () => ({
    layer: await view.bars.first().getAttribute("aria-label"),
    cell: await view.cell.textContent(),
    share: await view.share.inputValue(),
    threshold: await view.threshold.inputValue(),
  });
  const before = await shown();
  const box = await view.shareSlider.boundingBox();
  if (!box) throw new Error("The slider is not shown.");
  const { mouse } = workbench().page;
  await mouse.move(box.x + box.width * 0.8, box.y + box.height / 2);
  await mouse.down();
  await mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 5 });
  await mouse.up();
  await expect.poll(() => view.share.inputValue()).not.toBe(before.share);
  const after = await shown();
  for (const key of ["layer", "cell", "threshold"] as const) expect(after[key]).not.toBe(before[key]);
  await view.button("Back to the threshold of the run, 10 %").click();
  await expect.poll(shown).toEqual(before);
});

test("from a layer to its matrices to one matrix, and back with Escape", async () => {
  const { keyboard } = workbench().page;
  await view.bars.nth(3).click();
  await expect.poll(() => view.cell.textContent()).toMatch(/^Layer 3 q: /);
  await keyboard.press("ArrowRight");
  await keyboard.press("ArrowDown");
  await expect.poll(() => view.cell.textContent()).toMatch(/^Layer 4 k: /);
  await keyboard.press("Enter");
  await expect.poll(() => view.matrixTitle.textContent()).toBe("Layer 4 · k");
  await keyboard.press("Escape");
  await view.heatMap.waitFor();
  expect(await view.cell.textContent()).toMatch(/^Layer 4 k: /);
});

test("a token is found in its editor", async () => {
  await view.token(40).click();
  await view.button("Show in editor").click();
  const selected = workbench().page.locator(".editor-instance .selected-text");
  await selected.first().waitFor();
  expect(await view.text(/^Token 40/).textContent()).toContain("saliency");
});

test("tokens are tinted in the editor, with figures on hover, until the text changes", async () => {
  const { page } = workbench();
  const tinted = page.locator(".editor-instance .view-overlays [class*='ced-']");
  await view.frame.getByRole("switch", { name: "Tint the tokens in the editor" }).click();
  await tinted.first().waitFor({ state: "attached" });
  await workbench().tab("story.txt").click();
  await workbench()
    .line(0)
    .click({ position: { x: 60, y: 8 } });
  await workbench().runCommand("Show or Focus Hover");
  await page
    .locator(".monaco-hover", { hasText: /Paramscope: saliency .* number \d+ of \d+\./ })
    .first()
    .waitFor();
  await workbench()
    .line(0)
    .click({ position: { x: 60, y: 8 } });
  await page.keyboard.type("x");
  await tinted.first().waitFor({ state: "detached" });
  const isOn = () =>
    view.frame.getByRole("switch", { name: "Tint the tokens in the editor" }).getAttribute("aria-checked");
  await expect.poll(isOn).toBe("false");
  await workbench().runCommand("File: Revert File");
});

test("charts and the whole result are written as the user wants them", async () => {
  await view.button("Export").click();
  const written = async (button: string, file: string): Promise<Buffer> => {
    await view.button(button).click();
    await workbench().acceptFileName();
    const path = join(workbench().server.workspace, file);
    await expect.poll(() => isWritten(path), { timeout: 10_000 }).toBe(true);
    return readFileSync(path);
  };
  const svg = (await written("SVG", "story-layers-85mm.svg")).toString("utf8");
  expect(svg).toMatch(/^<svg [\s\S]*density of layers[\s\S]*<\/svg>\s*$/);
  const png = await written("PNG", "story-layers-85mm.png");
  expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
  const csv = (await written("CSV", "story-layers.csv")).toString("utf8");
  expect(csv.trim().split("\r\n")).toHaveLength(13);
  const json = (await written("JSON of the whole result", "story-result.json")).toString("utf8");
  expect((await parseDocument(json, "story-result.json")).format).toBe("paramscope.analysis");
});

test("a token is explained by a run with it as the target, in a panel of its own", async () => {
  await view.button("Explain this token").click();
  const explained = await workbench().analysis("story.txt: ");
  await explained.text("Explains").waitFor();
  await workbench().closeEditor("Activations: story.txt: ");
  await (await workbench().analysis("story.txt")).text("Explains").waitFor();
});

test("an expert's matrix is drawn when it is asked for, down to single weights", async () => {
  const mixture = join(workbench().server.workspace, "mixtral");
  cpSync(join(repository, "test/fixtures/mixtral"), mixture, { recursive: true });
  await workbench().set({ model: mixture });
  await workbench().chooseInExplorer("short.txt", "Analyze activations");
  const mixed = await workbench().analysis("short.txt");
  await mixed.done();
  await mixed.frame.getByRole("application", { name: /^Experts/ }).waitFor();
  await mixed.heatMap.first().focus();
  const { keyboard } = workbench().page;
  // to the first of the columns that stand for the matrices of several experts
  for (let column = 0; column < 5; column++) await keyboard.press("ArrowRight");
  await keyboard.press("Enter");
  await expect.poll(() => mixed.matrixTitle.textContent()).toMatch(/^Layer 0 · expert \d w1$/);
  await mixed.button("Draw the matrix").click();
  const picture = mixed.frame.locator("section.image [data-chart='matrix-image']");
  await picture.waitFor();
  await picture.scrollIntoViewIfNeeded();
  await workbench().page.screenshot({ path: join(pictures, "expert.png") });
  await mixed.button("Zoom into the matrix").click();
  await mixed.text("a cell is one weight").waitFor();
  await workbench().page.screenshot({ path: join(pictures, "expert-weights.png") });
  await workbench().set({});
});
