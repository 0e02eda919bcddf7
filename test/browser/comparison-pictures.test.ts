import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ComparisonState } from "../../src/pages/comparison";
import { allStates, compared } from "./harness/comparison-states";
import { bundle, launch, View } from "./harness/harness";
import { looks } from "./harness/themes";

/* Pictures of every state of a comparison in four themes and two widths, to be looked at; and axe-core on each. */

const folder = "dist/pictures/comparison";
let browser: Browser;
let files: { script: string; style: string };
let states: Record<string, ComparisonState>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle("comparison")]);
  const prompt = (kind: string) => ["--text", `Write a ${kind} about rain on a tin roof.`];
  states = allStates(
    compared(...prompt("haiku"), ...prompt("limerick")),
    compared("samples/fiction", "samples/math"),
    compared(...prompt("haiku"), ...prompt("haiku")),
    compared("samples/fiction/letter.txt", "samples/math/parity.txt", "--model", "test/fixtures/qwen3_moe"),
  );
});

afterAll(async () => browser.close());

test.each(looks(1000, 480))("states in $theme, $width pixels wide", async ({ theme, width }) => {
  const view = await View.open(browser, files, { theme, width });
  const { found, look, lookAtAll } = view.lookout(folder, `${theme}-${width}`);
  await lookAtAll(states);

  await view.show(states.done);
  await view.page.getByRole("button", { name: "Export" }).click();
  await view.page.getByRole("combobox", { name: "Measure of the heat map" }).click();
  await view.page.getByRole("option", { name: "Balance of A and B" }).click();
  await view.settle();
  await look("balance");
  await view.page.getByRole("application").focus();
  await view.page.keyboard.press("Enter");
  await view.settle();
  await look("matrix");
  await view.page.keyboard.press("Escape");
  for (const chart of ["Layers", "Matrices", "Text A"])
    await view.page.getByRole("switch", { name: `${chart} as a table` }).click();
  await view.settle();
  await look("tables");
  expect(found).toEqual([]);
  expect(view.problems).toEqual([]);
  await view.close();
});
