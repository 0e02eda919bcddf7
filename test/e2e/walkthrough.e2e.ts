import { join } from "node:path";
import { expect, test } from "vitest";

import { pictures, useWorkbench } from "./session";

/* The walkthrough and the samples that it leads to. */

const workbench = useWorkbench();

test("it leads from a sample to a model of one's own, with a picture at each step", async () => {
  await workbench().runAndChoose("Welcome: Open Walkthrough...", "Get started with Paramscope");
  const steps = workbench().page.locator(".getting-started-step");
  await steps.first().waitFor();
  expect(await steps.locator(".step-title").allTextContents()).toEqual([
    "Try a sample",
    "Read the layers",
    "Analyze a text of yours",
    "Compare two prompts",
    "Compare kinds of texts, or languages",
    "Preview compression",
    "Choose or download a model",
  ]);
  for (const step of await steps.all()) {
    await step.click();
    const image = workbench().page.locator(".getting-started-media img").first();
    await image.waitFor();
    const width = 'document.querySelector(".getting-started-media img").naturalWidth';
    await expect.poll(async () => await workbench().page.evaluate<number>(width)).toBeGreaterThan(600);
  }
  await workbench().closeAllEditors();
});

test("samples of two prompts open both, and take a model that knows what it takes; the words of the bundled one are nonsense", async () => {
  const { page } = workbench();
  await workbench().runAndChoose("Paramscope: Try a sample", "Two capitals");
  await page.locator(".quick-input-list", { hasText: "Download HuggingFaceTB/SmolLM2-135M" }).waitFor();
  await page.screenshot({ path: join(pictures, "sample-capitals.png") });
  await page.keyboard.press("Escape");
  await workbench().runAndChoose("Paramscope: Try a sample", "Two prompts");
  await workbench().webviewWith("Where they part");
  await page.screenshot({ path: join(pictures, "sample-poems.png") });
  await workbench().notice("SmolLM2-135M predicts sense (271 MB, Apache-2.0)");
  await workbench().runCommand("Notifications: Clear All Notifications");
  await workbench().closeAllEditors();
});
