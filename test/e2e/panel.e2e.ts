import { expect, test } from "vitest";

import { useWorkbench } from "./session";

/* What the panel of an analysis asks the extension for, and what it shows after the window was loaded again in between. */

const workbench = useWorkbench();

test("the full profile of a matrix is there at once", async () => {
  await workbench().chooseInExplorer("story.txt", "Analyze activations");
  const view = await workbench().analysis("story.txt");
  await view.done();
  await view.frame.getByRole("application").press("Enter");
  await view.button("Open full profile").click();
  const rows = view.frame.getByRole("slider", { name: /^Rows/ });
  await rows.waitFor();
  expect(await rows.getAttribute("aria-valuemax")).toBe("191");
});

test("the full profile of a result from before the window was loaded is run again", async () => {
  await workbench().reload();
  const view = await workbench().analysis("story.txt");
  await view.matrixTitle.waitFor();
  await view.button("Open full profile").click();
  await view.frame.getByRole("slider", { name: /^Columns/ }).waitFor();
});

test("a panel that was running when the window was loaded again says so, and runs again", async () => {
  await workbench().chooseInExplorer("many", "Analyze activations");
  const view = await workbench().analysis("many");
  await view.someLayers.waitFor();
  await workbench().reload();
  const restored = await workbench().analysis("many (64 files) was not finished");
  await restored.text(/run through demo when the window was closed or loaded again/).waitFor();
});

test("it runs again with what it was given", async () => {
  const restored = await workbench().analysis("many (64 files) was not finished");
  await restored.button("Run again").click();
  const view = await workbench().analysis("many (64 files)");
  await view.someLayers.waitFor();
  await view.button("Cancel").click();
  await view.text(/^Cancelled/).waitFor();
  await workbench().reload();
  const again = await workbench().analysis("See which weights a text activates");
  expect(await again.text(/was not finished/).count()).toBe(0);
});
