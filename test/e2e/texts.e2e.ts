import { expect, test } from "vitest";

import { analyzed, tableOf } from "./command-line";
import { useWorkbench } from "./session";
import { cellText, firstLine } from "./workspace-files";

/* What can be analysed; every figure is the command line's own. */

const workbench = useWorkbench();
const inWorkspace = (name: string) => `${workbench().server.workspace}/${name}`;

test("a file of the explorer", async () => {
  await workbench().chooseInExplorer("story.txt", "Analyze activations");
  const view = await workbench().analysis("story.txt");
  await view.done();
  const document = await analyzed(inWorkspace("story.txt"));
  expect(await view.table("Layers")).toEqual(tableOf(document));
  expect(await view.table("Matrices")).toHaveLength(document.layers.flatMap(({ modules }) => modules).length);
  expect(await view.table("Text")).toHaveLength(document.samples[0].tokens.length);
  expect(await workbench().statusItem().textContent()).toContain("demo");
});

test("an editor as it is typed, saved or not", async () => {
  await workbench().openFile("short.txt");
  await workbench().line(0).click();
  await workbench().page.keyboard.press("Control+End");
  await workbench().page.keyboard.type(" Twice");
  await workbench().runCommand("Paramscope: Analyze activations");
  const view = await workbench().analysis("short.txt");
  await view.done();
  const expected = await analyzed("--text", "The lighthouse keeper counted the boats. Twice");
  expect(await view.table("Layers")).toEqual(tableOf(expected));
  await workbench().tab("short.txt").click();
  await workbench().runCommand("File: Revert File");
});

test("a text that was never saved", async () => {
  await workbench().runCommand("File: New Untitled Text File");
  await workbench().tab("Untitled-1").waitFor();
  await workbench().page.keyboard.type("Nobody had saved this.");
  await workbench().chooseInEditor("Analyze activations");
  const view = await workbench().analysis("Untitled-1");
  await view.done();
  expect(await view.table("Layers")).toEqual(tableOf(await analyzed("--text", "Nobody had saved this.")));
  await workbench().tab("Untitled-1").click({ button: "middle" });
  await workbench().answer("Don't Save");
});

test("a selection", async () => {
  await workbench().openFile("lines.txt");
  await workbench().selectLine(0);
  await workbench().chooseInEditor("Analyze activations of selection");
  const view = await workbench().analysis("lines.txt:1");
  await view.done();
  expect(await view.table("Layers")).toEqual(tableOf(await analyzed("--text", firstLine)));
});

test("a notebook's cell", async () => {
  await workbench().openFile("cells.ipynb");
  const cell = workbench().page.locator(".code-cell-row");
  await cell.locator(".monaco-editor").click();
  await workbench().chooseIn(cell.getByLabel("More Actions..."), "Analyze activations", "left");
  const view = await workbench().analysis("cells.ipynb cell 1");
  await view.done();
  expect(await view.table("Layers")).toEqual(tableOf(await analyzed("--text", cellText)));
  await workbench().closeEditor("Activations: cells.ipynb");
  await workbench().closeEditor("cells.ipynb");
});

test("a folder, as one set", async () => {
  await workbench().chooseInExplorer("tasks", "Analyze activations");
  const view = await workbench().analysis("tasks (2 files)");
  await view.done();
  expect(await view.table("Layers")).toEqual(tableOf(await analyzed(inWorkspace("tasks"))));
  await view.frame.getByRole("combobox", { name: "Sample" }).click();
  expect(await view.frame.getByRole("option", { name: /^tasks.*(cyclists|orchard)\.txt$/ }).count()).toBe(2);
  await workbench().page.keyboard.press("Escape");
});

test("several files that are selected, as one set", async () => {
  await workbench().selectInExplorer("lines.txt", "story.txt");
  await workbench().chooseInExplorer("story.txt", "Analyze activations");
  const view = await workbench().analysis("2 files");
  await view.done();
  const expected = await analyzed(inWorkspace("lines.txt"), inWorkspace("story.txt"));
  expect(await view.table("Layers")).toEqual(tableOf(expected));
});

test("two selections against each other", async () => {
  await workbench().openFile("lines.txt");
  await workbench().selectLine(0);
  await workbench().runCommand("Paramscope: Mark as prompt A");
  await workbench().selectLine(1);
  await workbench().runCommand("Paramscope: Compare activations with prompt A");
  await workbench().tab("lines.txt:1 and lines.txt:").waitFor();
  await workbench().webviewWith("relevance 0.");
  await workbench().closeEditor("lines.txt:1 and lines.txt:");
});
