import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import { PreviewView } from "./preview-view";
import { repository } from "./server";
import { useWorkbench } from "./session";

/* The walkthrough, and the pictures of its steps: what is in media/walkthrough is copied from dist/pictures/walkthrough. */

const pictures = join(repository, "dist/pictures/walkthrough");
const size = { width: 1040, height: 650 };
/** Without the status bar, which says what the tests set. */
const clip = { x: 0, y: 0, ...size, height: size.height - 32 };
const workbench = useWorkbench();

beforeAll(async () => await mkdir(pictures, { recursive: true }));

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
    "Preview pruning",
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
  await page.screenshot({ path: join(repository, "dist/pictures/e2e/sample-capitals.png") });
  await page.keyboard.press("Escape");
  await workbench().runAndChoose("Paramscope: Try a sample", "Two prompts");
  await workbench().webviewWith("Where they part");
  await page.screenshot({ path: join(repository, "dist/pictures/e2e/sample-poems.png") });
  await workbench().notice("SmolLM2-135M predicts sense (271 MB, Apache-2.0)");
  await workbench().runCommand("Notifications: Clear All Notifications");
  await workbench().closeAllEditors();
});

describe.each(["light", "dark"] as const)("in a %s theme", (theme) => {
  const picture = async (name: string) =>
    await workbench().page.screenshot({ path: join(pictures, `${name}-${theme}.png`), clip });

  test("the pictures of its steps show the product", async () => {
    const { page } = workbench();
    const isDark = async () => (await page.locator(".monaco-workbench.vs-dark").count()) > 0;
    // What the test before has closed may take the palette with it.
    for (let tries = 0; tries < 5 && (await isDark()) !== (theme === "dark"); tries++) {
      await workbench().runCommand("Preferences: Toggle between Light/Dark Themes");
      await page
        .locator(`.monaco-workbench.${theme === "dark" ? "vs-dark" : "vs"}`)
        .waitFor({ timeout: 5000 })
        .catch(() => undefined);
    }
    expect(await isDark()).toBe(theme === "dark");
    await page.setViewportSize(size);

    await workbench().runCommand("View: Show Explorer");
    await workbench().openFile("lines.txt");
    await workbench().selectLine(0);
    await workbench().runCommand("Paramscope: Mark as prompt A");
    await workbench().selectLine(1);
    await workbench().openMenu(workbench().line(1), "Compare activations with prompt A");
    await picture("compare");
    await page.keyboard.press("Escape");
    await workbench().closeAllEditors();

    await workbench().openMenu(workbench().explorerItem("story.txt"), "Analyze activations");
    await picture("own");
    await page.keyboard.press("Escape");

    await workbench().runCommand("View: Toggle Primary Side Bar Visibility");
    // Of a sample they say where the extension is installed.
    await workbench().runCommand("View: Toggle Breadcrumbs");
    await workbench().runAndChoose("Paramscope: Try a sample", "A story");
    await (await workbench().analysis("harbour.txt")).done();
    // Away from what says its name under the mouse.
    await page.mouse.move(30, 450);
    await page.locator(".workbench-hover").first().waitFor({ state: "detached" });
    await picture("sample");
    await workbench().runCommand("View: Focus First Editor Group");
    await workbench().runCommand("View: Close Editor");
    const view = await workbench().analysis("harbour.txt");
    await view.heatMap.press("ArrowDown");
    await picture("layers");
    await workbench().runCommand("View: Toggle Breadcrumbs");
    await workbench().closeAllEditors();

    await workbench().runCommand("Paramscope: Compare folders");
    const folders = page.locator(".quick-input-widget");
    for (const language of ["fiction", "french", "german", "spanish"]) {
      await folders.locator("input.input").first().fill(language);
      await folders.locator('.quick-input-list [role="checkbox"]').first().click();
    }
    await page.keyboard.press("Enter");
    await workbench().webviewWith("texts of one domain");
    await page.mouse.move(30, 450);
    await picture("folders");
    await workbench().closeAllEditors();

    await workbench().openSideBar("Paramscope");
    await workbench().runCommand("Paramscope: Download model");
    await page
      .locator('.quick-input-list [role="option"]', { hasText: "HuggingFaceTB/SmolLM2-135M" })
      .first()
      .waitFor();
    await picture("model");
    await page.keyboard.press("Escape");

    await workbench().runCommand("View: Show Explorer");
    await workbench().openFile("story.txt");
    await workbench().runCommand("Paramscope: Preview pruning");
    const preview = new PreviewView(await workbench().webviewWith("Calibration"));
    const others = ["Models", "Results"].map((name) => page.locator(".pane-header", { hasText: name }));
    for (const header of others) await header.click();
    const calibrated = preview.frame.locator("h1");
    if ((await calibrated.innerText()) !== "story.txt") await preview.button("Measure").click();
    await expect.poll(() => calibrated.innerText()).toBe("story.txt");
    await preview.findings("layers").first().waitFor();
    await page.mouse.move(700, 450);
    await picture("prune");
    for (const header of others) await header.click();
    await workbench().closeAllEditors();
  });
});
