import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { PatchingDocument } from "../../src/engine/document/document";
import { carriedSentence } from "../../src/format/patching";
import { paramscope } from "../cli/session";
import { isWritten, removeAfterwards } from "./files";
import { ResultView } from "./result-view";
import { useWorkbench } from "./session";

/* Activation patching of two prompts of the editor, and of two files. */

const workbench = useWorkbench();

async function shown(text: string): Promise<ResultView> {
  return new ResultView(await workbench().webviewWith(text));
}

async function carried(...options: string[]): Promise<string | undefined> {
  const files = ["cat.txt", "dog.txt"].map((name) => join(workbench().server.workspace, name));
  const { stdout } = await paramscope(["patch", ...files, ...options, "--json"]);
  return carriedSentence(JSON.parse(stdout) as PatchingDocument);
}

async function patchFiles(first: string, second: string): Promise<void> {
  await workbench().selectInExplorer(first, second);
  await workbench().chooseInExplorer(first, "Patch first selected into second");
}

test("what is marked as prompt A is patched into a text, as the command line does it", async () => {
  await workbench().openFile("cat.txt");
  await workbench().runCommand("Paramscope: Mark as prompt A");
  // The first command activates the extension, which then marks the editor that is active.
  await workbench().page.locator(".statusbar-item", { hasText: "Prompt A: cat.txt" }).waitFor();
  await workbench().openFile("dog.txt");
  await workbench().runCommand("Paramscope: Patch prompt A into selection");
  const view = await shown("Layers and positions");
  expect(await view.frame.locator(".grid .finding").innerText()).toBe(await carried());
  expect(await view.frame.locator(".prompt").allInnerTexts()).toEqual(["The cat sat on the", "The dog sat on the"]);
});

test("it runs again at another site, in the same panel", async () => {
  const view = await shown("Layers and positions");
  await view.button("Run again with…").click();
  await view.frame.getByRole("combobox", { name: "Patch" }).click();
  await view.frame.getByRole("option", { name: "Feed-forward output" }).click();
  await view.button("Run").click();
  await view.text("patches what a layer's feed-forward part adds").waitFor();
  expect(await view.frame.locator(".grid .finding").innerText()).toBe(await carried("--site", "mlp"));
});

test("it is restored with the window, and then still runs again, B into A", async () => {
  await workbench().reload();
  await workbench().tab("Patching: cat.txt into dog.txt").click();
  const view = await shown("Layers and positions");
  await view.button("Run again with…").click();
  await view.button("Run with B into A").click();
  await expect
    .poll(() => view.frame.locator(".prompt").allInnerTexts())
    .toEqual(["The dog sat on the", "The cat sat on the"]);
  // The prompts are there while it runs; the next test exports the result.
  await view.frame.locator(".grid .finding").waitFor();
});

test("the palette exports it", async () => {
  await workbench().runAndChoose("Paramscope: Export result", "Table of layers and positions");
  await workbench().acceptFileName();
  const file = join(workbench().server.workspace, "cat.txt into dog.txt.csv");
  removeAfterwards(file);
  await expect.poll(() => isWritten(file)).toBe(true);
  expect(readFileSync(file, "utf8").split("\r\n")).toHaveLength(1 + 12 * 6 + 1);
  await workbench().closeEditor("Patching: cat.txt into dog.txt");
});

test("of two files the one that was selected first is patched into the other", async () => {
  await patchFiles("dog.txt", "cat.txt");
  const view = await shown("Layers and positions");
  expect(await view.frame.locator(".prompt").allInnerTexts()).toEqual(["The dog sat on the", "The cat sat on the"]);
  await workbench().closeEditor("Patching: dog.txt into cat.txt");
});

test("prompts of other lengths are refused with the tokens of both", async () => {
  await patchFiles("cat.txt", "short-cat.txt");
  const view = await shown("The prompts must have equally many tokens.");
  const message = await view.alert.innerText();
  expect(message).toContain('A has 6: "The" " c" "at" " sat" " on" " the"');
  expect(message).toContain('B has 3: "The" " c" "at"');
  await workbench().closeEditor("Patching: cat.txt into short-cat.txt");
});

test("prompts with the same answer are refused likewise, and run with answers of one's own", async () => {
  await workbench().openFile("cat.txt");
  await workbench().runCommand("Paramscope: Mark as prompt A");
  await workbench().runCommand("Paramscope: Patch prompt A into selection");
  const view = await shown("Both prompts have the same answer");
  await view.frame.getByRole("textbox", { name: "Answer of A, one token" }).fill(" table");
  await view.frame.getByRole("textbox", { name: "Answer of B, one token" }).fill(" c");
  await view.button("Run").click();
  await view.text("The two runs do not differ in these answers").waitFor();
  await workbench().closeEditor("Patching: cat.txt into cat.txt");
});
