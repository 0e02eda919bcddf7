import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";

import type { ShrinkDocument } from "../../src/engine/document/document";
import { openModel } from "../../src/engine/index";
import { goneSentence, shrinkCostSentences } from "../../src/format/shrink";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope } from "../cli/session";
import { isWritten, removeAfterwards, replacing } from "./files";
import { PreviewView } from "./preview-view";
import { ResultView } from "./result-view";
import { useWorkbench } from "./session";

/* Structure in the compression preview: layers removed with a text, measured, written and opened again. */

const workbench = useWorkbench();
const inWorkspace = (name: string) => join(workbench().server.workspace, name);

/** The page of what is left, once it says what is asked for. */
async function page(text: string): Promise<ResultView> {
  return new ResultView(await workbench().webviewWith(text));
}

async function shrunk(...args: string[]): Promise<ShrinkDocument> {
  const { stdout } = await paramscope(["shrink", inWorkspace("story.txt"), ...args, "--json"]);
  return JSON.parse(stdout) as ShrinkDocument;
}

async function structureTab(): Promise<PreviewView> {
  await workbench().runCommand("Paramscope: Preview compression");
  const preview = new PreviewView(await workbench().webviewWith("Zeros"));
  await preview.frame.getByRole("tab", { name: "Structure" }).click();
  await preview.button("Remove").waitFor();
  return preview;
}

test("without an open text nothing is run, and it is said what to do", async () => {
  await workbench()
    .closeAllEditors()
    .catch(() => undefined);
  const preview = await structureTab();
  await preview.button("Remove").click();
  await workbench().notice("No text is open");
});

test("the open file says which two layers go, as on the command line", async () => {
  await workbench().openSideBar("Explorer");
  await workbench().openFile("story.txt");
  const preview = await structureTab();
  // what the bundled model has none of is not offered
  await preview.frame.getByRole("combobox", { name: "What goes" }).click();
  await preview.frame.getByRole("option", { name: "Heads" }).waitFor();
  expect(await preview.frame.getByRole("option", { name: "Experts" }).count()).toBe(0);
  await preview.frame.getByRole("option", { name: "Layers" }).click();
  await preview.button("Remove").click();
  const view = await page("Layers that go");
  await view.text(goneSentence(await shrunk("--layers", "2"))).waitFor();
});

test("another amount is a click, and what it costs is measured on another text, beside other ways", async () => {
  const view = await page("Layers that go");
  await view.frame.getByRole("slider", { name: "Layers", exact: true }).fill("1");
  await view.text("This is planned").waitFor();
  await view.frame.getByRole("slider", { name: "Layers", exact: true }).fill("3");
  await view.button("Remove 3 of 12 layers").click();
  const again = await page("without 3 of 12 layers");
  await workbench().openSideBar("Explorer");
  // beside the page, not in its place
  await workbench().tab("story.txt").click();
  await workbench().openFile("dog.txt");
  await again.button("Measure").click();
  await again.text("Divergence from the dense model on dog.txt").waitFor();
  const expected = await shrunk("--layers", "3", "--evaluate", inWorkspace("dog.txt"), "--compare", "magnitude,random");
  const said = await again.frame.locator(".costs li, .costs .finding").allInnerTexts();
  for (const sentence of shrinkCostSentences({ ...expected.evaluation!, text: "dog.txt" }))
    expect(said.join(" ")).toContain(sentence);
});

test("what is left is written where the user says, keeps what it costs, and is a model", async () => {
  const view = await page("Divergence from the dense model on dog.txt");
  const name = "demo-without-3-layers";
  removeAfterwards(inWorkspace(name));
  await view.button("Export folder…").click();
  await workbench().nameFolder(workbench().server.workspace, "Export here");
  await workbench().acceptInput(name);
  await view.text(`${name}, as transformers loads it`).waitFor();
  await view.text("Divergence from the dense model on dog.txt").waitFor();
  const model = await openModel(inWorkspace(name));
  expect(model.layers).toBe(9);
  await model.close();
  // the same place again: only once that is agreed to
  await replacing(join(inWorkspace(name), "config.json"), async () => {
    await view.button("Export folder…").click();
    await workbench().nameFolder(workbench().server.workspace, "Export here");
    await workbench().acceptInput(name);
    await workbench().answer("Replace it");
  });
  await view.text(`${name}, as transformers loads it`).waitFor();
});

test("a result is saved, and from the history its texts are read again", async () => {
  const file = inWorkspace("story.txt.paramscope");
  removeAfterwards(file);
  const view = await page("as transformers loads it");
  await view.button("Save").click();
  await workbench().acceptFileName();
  await expect.poll(() => isWritten(file)).toBe(true);
  const saved = (await parseDocument(readFileSync(file), "saved")) as ShrinkDocument;
  expect([saved.removed, saved.files.length]).toEqual([3, 1]);
  await workbench().closeAllEditors();
  await workbench().openResult("without 2 of 12 layers");
  const again = await page("without 2 of 12 layers");
  await again.frame.getByRole("slider", { name: "Layers", exact: true }).fill("1");
  await again.button("Remove 1 of 12 layers").click();
  await page("without 1 of 12 layers");
});

/** The box that asks how much goes, once it is chosen what does. */
async function askedFor(structure: string, offered: string): Promise<Locator> {
  const input = workbench().page.locator(".quick-input-widget input").first();
  await workbench().page.locator('.quick-input-list [role="option"]', { hasText: structure }).first().click();
  await expect.poll(() => input.inputValue(), { timeout: 30_000 }).toBe(offered);
  return input;
}

test("from the explorer it asks what goes and how much, and refuses what would be left nothing of", async () => {
  await workbench().openSideBar("Explorer");
  await workbench().chooseInExplorer("dog.txt", "Remove parts of the model");
  const input = await askedFor("Layers", "2");
  await input.fill("12");
  await workbench().page.locator(".quick-input-widget", { hasText: "Write a number from 1 to 11." }).waitFor();
  await input.fill("1");
  await input.press("Enter");
  const view = await page("dog.txt");
  await view.text("without 1 of 12 layers").waitFor();
});

test("a run is cancelled, and says that nothing is kept", async () => {
  await workbench().openSideBar("Explorer");
  await workbench().chooseInExplorer("many", "Remove parts of the model");
  await askedFor("Layers", "2");
  await workbench().page.keyboard.press("Enter");
  const view = await page("What goes is chosen step by step");
  await view.frame
    .getByRole("status")
    .filter({ hasText: /layer \d/ })
    .waitFor();
  await view.button("Cancel").click();
  await view.text("Cancelled before what goes was chosen").waitFor();
  await view.button("Try again").waitFor();
});
