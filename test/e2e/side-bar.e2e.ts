import { expect, test } from "vitest";

import { fixturePath } from "../engine/support/reference";
import { useWorkbench } from "./session";

/* The views of the side bar: models and earlier results. */

const workbench = useWorkbench();
const results = () => workbench().treeItems("Results");
const models = () => workbench().treeItems("Models");

test("a result is in the history, and opens again after its panel was closed", async () => {
  await workbench().openSideBar("Explorer");
  for (const file of ["short.txt", "lines.txt"]) {
    await workbench().chooseInExplorer(file, "Analyze activations");
    await (await workbench().analysis(file)).done();
  }
  await workbench().closeAllEditors();
  await workbench().openSideBar("Paramscope");
  // a result is kept after it is shown: the list moves once more
  await expect.poll(() => results().first().textContent()).toContain("lines.txt");
  await results().filter({ hasText: "lines.txt" }).first().click();
  const view = await workbench().analysis("lines.txt");
  await view.done();
  expect(await view.bars.count()).toBe(12);
});

test("two results are compared", async () => {
  await results().filter({ hasText: "short.txt" }).first().click();
  await results()
    .filter({ hasText: "lines.txt" })
    .first()
    .click({ modifiers: ["Control"] });
  await workbench().chooseIn(results().filter({ hasText: "lines.txt" }).first(), "Compare activations of results");
  await workbench().tab(" and ").waitFor();
  await workbench().webviewWith("relevance 0.");
  await results().filter({ hasText: " and " }).first().waitFor();
});

test("a result that is deleted is gone", async () => {
  // by its name: the view draws only as many of the history's entries as there is room for
  const compared = results().filter({ hasText: "short.txt and" });
  const before = await compared.count();
  expect(before).toBeGreaterThan(0);
  await workbench().chooseIn(compared.first(), "Delete result");
  await expect.poll(() => compared.count()).toBe(before - 1);
});

test("a model of this machine is added and used, then the bundled one again, and taken off the list", async () => {
  const model = models().filter({ hasText: "llama" });
  await workbench().runCommand("Paramscope: Add model from folder");
  await workbench().nameFolder(fixturePath("llama"), "Use model");
  await expect.poll(() => model.last().textContent()).toMatch(/^llama.*chosen · local · llama/);
  expect(await workbench().statusItem().textContent()).toContain("llama");
  await models().filter({ hasText: "demo" }).click();
  await expect.poll(() => models().filter({ hasText: "demo" }).textContent()).toMatch(/chosen · bundled/);
  expect(await workbench().statusItem().textContent()).toContain("demo");
  await workbench().chooseIn(model.last(), "Delete model");
  await expect.poll(() => models().count()).toBe(1);
});
