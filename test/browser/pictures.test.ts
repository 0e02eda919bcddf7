import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AnalysisState } from "../../src/pages/analysis";
import { bundle, launch, View } from "./harness/harness";
import { allStates, analyzed } from "./harness/states";
import { looks } from "./harness/themes";

/* Pictures of every state in four themes and two widths, to be looked at; and axe-core on each. */

const folder = "dist/pictures";
let browser: Browser;
let files: { script: string; style: string };
let states: Record<string, AnalysisState>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [browser, files] = await Promise.all([launch(), bundle()]);
  states = allStates(
    analyzed("samples/fiction/harbour.txt"),
    analyzed("samples/fiction", "samples/math"),
    analyzed("samples/fiction/letter.txt", "--model", "test/fixtures/phi3"),
    analyzed("samples/fiction/harbour.txt", "--target", "next-token:12"),
    analyzed("samples/fiction/letter.txt", "--model", "test/fixtures/qwen3_moe", "--baseline", "none"),
  );
});

afterAll(async () => browser.close());

test.each(looks(1000, 480))("states in $theme, $width pixels wide", async ({ theme, width }) => {
  const view = await View.open(browser, files, { theme, width });
  const { found, look, lookAtAll } = view.lookout(folder, `${theme}-${width}`);
  await lookAtAll(states);

  await view.show(states.done);
  await view.page.getByRole("button", { name: "Run again with…" }).click();
  await view.settle();
  await look("run-again");
  await view.page.getByRole("button", { name: "Export" }).click();
  await view.settle();
  await look("export");
  await view.page.getByRole("button", { name: "Export" }).click();
  for (const chart of ["Layers", "Matrices", "Text"])
    await view.page.getByRole("switch", { name: `${chart} as a table` }).click();
  await view.settle();
  await look("tables");
  for (const chart of ["Layers", "Matrices", "Text"])
    await view.page.getByRole("switch", { name: `${chart} as a table` }).click();

  await view.page.getByRole("application").focus();
  await view.page.keyboard.press("ArrowDown");
  await view.page.keyboard.press("Enter");
  await view.settle();
  await look("matrix");
  await view.show(states.fused);
  await view.page.getByRole("application").focus();
  await view.page.keyboard.press("Enter");
  await view.settle();
  await look("fused-matrix");
  // a column of experts opens the matrix of one of them, and from there of any other
  await view.show(states.mixture);
  await view.page.getByRole("application", { name: "Matrices by layer" }).focus();
  for (const key of [...Array.from({ length: 5 }, () => "ArrowRight"), "Enter"]) await view.page.keyboard.press(key);
  await view.page.getByRole("heading", { name: "Layer 0 · expert 5 gate" }).waitFor();
  await look("expert-matrix");
  expect(found).toEqual([]);
  expect(view.problems).toEqual([]);
  await view.close();
});
