import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import type { AnalysisView } from "./analysis-view";
import { analyzed, tableOf } from "./command-line";
import { isWritten, removeAfterwards } from "./files";
import { useWorkbench } from "./session";

/* What outlives its panel: saved files, the state of a hidden view, a window that is loaded again. */

const workbench = useWorkbench();
const inWorkspace = (name: string) => join(workbench().server.workspace, name);

/** Chooses another threshold, and opens a matrix. */
async function lookCloser(view: AnalysisView): Promise<void> {
  await view.share.fill("2 %");
  await view.share.press("Enter");
  await view.heatMap.focus();
  await workbench().page.keyboard.press("ArrowDown");
  await workbench().page.keyboard.press("Enter");
  await view.matrixTitle.waitFor();
}

test("a result is saved where the user says, closed, and opened again with all it showed", async () => {
  await workbench().chooseInExplorer("short.txt", "Analyze activations");
  const view = await workbench().analysis("short.txt");
  await view.done();
  const before = await view.table("Layers");
  // what was measured since is saved with it
  await view.button("Move through the text").click();
  await view.strip.press("Home");
  const first = await view.strip.getAttribute("aria-valuetext");
  await view.button("Save").click();
  await workbench().acceptFileName();
  await expect.poll(() => isWritten(inWorkspace("short.txt.paramscope")), { timeout: 10_000 }).toBe(true);
  await workbench().closeEditor("Activations: short.txt");
  await workbench().openFile("short.txt.paramscope");
  const saved = await workbench().analysis("short.txt.paramscope");
  await saved.text("Saved result").waitFor();
  expect(await saved.table("Layers")).toEqual(before);
  expect(await saved.strip.getAttribute("aria-valuetext")).toBe(first);
  await workbench().closeEditor("short.txt.paramscope");
});

test("the threshold that was chosen is saved, exported, and there when the file is opened", async () => {
  await workbench().chooseInExplorer("cat.txt", "Analyze activations");
  const view = await workbench().analysis("cat.txt");
  await view.done();
  await view.share.fill("2 %");
  await view.share.press("Enter");
  const shown = await view.table("Layers");
  await view.button("Save").click();
  await workbench().acceptFileName();
  await expect.poll(() => isWritten(inWorkspace("cat.txt.paramscope")), { timeout: 10_000 }).toBe(true);
  const { threshold } = JSON.parse(readFileSync(inWorkspace("cat.txt.paramscope"), "utf8")) as AnalysisDocument;
  expect(threshold.share).toBeCloseTo(0.02, 4);
  await workbench().closeEditor("Activations: cat.txt");
  await workbench().openFile("cat.txt.paramscope");
  const saved = await workbench().analysis("cat.txt.paramscope");
  expect(await saved.share.inputValue()).toBe("2 %");
  expect(await saved.table("Layers")).toEqual(shown);
  await workbench().closeEditor("cat.txt.paramscope");
});

test("what the command line saved is shown as it is", async () => {
  const document = await analyzed(inWorkspace("story.txt"), "--target", "loss");
  writeFileSync(inWorkspace("loss.paramscope"), JSON.stringify(document));
  await workbench().openFile("loss.paramscope");
  const view = await workbench().analysis("loss.paramscope");
  expect(await view.table("Layers")).toEqual(tableOf(document));
  await workbench().closeEditor("loss.paramscope");
});

test.each([
  ["broken.paramscope", "broken.paramscope is damaged at model.name"],
  ["cut.paramscope", "cut.paramscope is not a Paramscope result: it is not JSON"],
])("%s says what is wrong, and where", async (file, message) => {
  await workbench().openFile(file);
  const view = await workbench().analysis(`${file} cannot be shown`);
  await view.text(message).waitFor();
  await workbench().closeEditor(file);
});

test("a panel that was hidden shows what it showed", async () => {
  await workbench().chooseInExplorer("story.txt", "Analyze activations");
  const view = await workbench().analysis("story.txt");
  await view.done();
  await lookCloser(view);
  await workbench().chooseInExplorer("lines.txt", "Analyze activations");
  await (await workbench().analysis("lines.txt")).done();
  await workbench().tab("Activations: story.txt").click();
  const again = await workbench().analysis("story.txt");
  await expect.poll(() => again.matrixTitle.textContent()).toBe("Layer 1 · q");
  expect(await again.share.inputValue()).toBe("2 %");
});

test("a result that is opened again, from the history or from its file, shows what was looked at last", async () => {
  await workbench().chooseInExplorer("dog.txt", "Analyze activations");
  const view = await workbench().analysis("dog.txt");
  await view.done();
  await lookCloser(view);
  await view.button("Save").click();
  await workbench().acceptFileName();
  await expect.poll(() => isWritten(inWorkspace("dog.txt.paramscope"))).toBe(true);
  removeAfterwards(inWorkspace("dog.txt.paramscope"));
  await workbench().closeEditor("Activations: dog.txt");

  await workbench().openResult("dog.txt");
  const again = await workbench().analysis("dog.txt");
  await expect.poll(() => again.matrixTitle.textContent()).toBe("Layer 1 · q");
  expect(await again.share.inputValue()).toBe("2 %");
  await workbench().closeEditor("Activations: dog.txt");

  await workbench().openSideBar("Explorer");
  await workbench().openFile("dog.txt.paramscope");
  const saved = await workbench().analysis("dog.txt.paramscope");
  await expect.poll(() => saved.matrixTitle.textContent()).toBe("Layer 1 · q");
  expect(await saved.share.inputValue()).toBe("2 %");
  await workbench().closeEditor("dog.txt.paramscope");
});

test("what was chosen at the very moment a panel is closed is what the history shows", async () => {
  await workbench().chooseInExplorer("short-cat.txt", "Analyze activations");
  const view = await workbench().analysis("short-cat.txt");
  await view.done();
  await view.share.fill("3 %");
  await view.share.press("Enter");
  await workbench().page.keyboard.press("Control+w");
  await workbench().tab("Activations: short-cat.txt").waitFor({ state: "detached" });

  await workbench().openResult("short-cat.txt");
  const again = await workbench().analysis("short-cat.txt");
  await again.done();
  expect(await again.share.inputValue()).toBe("3 %");
  await workbench().closeEditor("Activations: short-cat.txt");
  await workbench().openSideBar("Explorer");
});

test("a window that is loaded again shows what it showed", async () => {
  await workbench().reload();
  const view = await workbench().analysis("story.txt");
  await expect.poll(() => view.matrixTitle.textContent()).toBe("Layer 1 · q");
  expect(await view.share.inputValue()).toBe("2 %");
  await view.button(/^Back/).first().click();
  await view.button(/^Back to the threshold/).click();
  expect(await view.table("Layers")).toEqual(tableOf(await analyzed(inWorkspace("story.txt"))));
});
