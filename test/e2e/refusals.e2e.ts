import { expect, test } from "vitest";

import { useWorkbench } from "./session";

/* What cannot be analysed, or not as it is: cause, place and remedy are said, and nothing is left over. */

const workbench = useWorkbench();

test("an empty file is said to be empty", async () => {
  await workbench().chooseInExplorer("empty.txt", "Analyze activations");
  await workbench().notice("empty.txt is empty");
  await workbench().runCommand("Notifications: Clear All Notifications");
});

test("a binary file is not read as text", async () => {
  await workbench().chooseInExplorer("picture.dat", "Analyze activations");
  await workbench().notice("picture.dat is a binary file, not text");
  await workbench().runCommand("Notifications: Clear All Notifications");
});

test("a saved result is not read as text", async () => {
  await workbench().chooseInExplorer("saved.txt", "Analyze activations");
  await workbench().notice("saved.txt is a saved result of Paramscope (an analysis), not a text");
  await workbench().runCommand("Notifications: Clear All Notifications");
});

test("a model that cannot be read is named with the cause, and another one works", async () => {
  const broken = `${workbench().server.workspace}/broken-model`;
  await workbench().set({ model: broken });
  await workbench().chooseInExplorer("story.txt", "Analyze activations");
  const view = await workbench().analysis("story.txt could not be analyzed");
  await view.text(/broken-model holds neither model\.safetensors/).waitFor();
  await workbench().set({});
  await view.button("Try again").click();
  await (await workbench().analysis("story.txt")).done();
});

test("a model that is not there can be replaced from the panel", async () => {
  await workbench().set({ model: "nobody/nothing" });
  await workbench().chooseInExplorer("story.txt", "Analyze activations");
  const view = await workbench().analysis("story.txt needs a model");
  await view.text("The model nobody/nothing is not there").waitFor();
  await view.button("Choose model").click();
  await workbench().page.locator(".quick-input-list", { hasText: "demo" }).waitFor();
  await workbench().page.keyboard.press("Escape");
  await workbench().set({});
});

test("a large file is asked about first, with what it takes", async () => {
  await workbench().set({ maxSamples: 4096 });
  workbench().leavesQuestions = true;
  await workbench().chooseInExplorer("large.txt", "Analyze activations");
  await workbench().dialog.waitFor();
  expect(await workbench().dialog.textContent()).toMatch(
    /Analyze large\.txt\?It takes about .* to .* of memory for .* samples of .* tokens\./,
  );
  await workbench().answer("Cancel");
  workbench().leavesQuestions = false;
  const view = await workbench().analysis("large.txt");
  await view.text("Cancelled before the first layer was scored.").waitFor();
});

test("of a large file a part is taken, and which is said", async () => {
  await workbench().set({ maxSamples: 2 });
  await workbench().tab("Activations: large.txt").click();
  const view = await workbench().analysis("large.txt");
  await view.button("Try again").click();
  await view.done();
  await view.text(/^2 of [\d,]+ windows of large\.txt were taken/).waitFor();
  await workbench().set({});
});
