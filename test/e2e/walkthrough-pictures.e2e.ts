import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { PreviewView } from "./preview-view";
import { repository, type RunningServer, Server } from "./server";
import { Workbench } from "./workbench";

/* The pictures of the walkthrough's steps, in a workspace of samples: what is in media/walkthrough is copied from dist/pictures/walkthrough. */

const pictures = join(repository, "dist/pictures/walkthrough");
const size = { width: 1040, height: 650 };
/** Without the status bar, which says what the tests set. */
const clip = { x: 0, y: 0, ...size, height: size.height - 32 };

/** Where they are in the workspace, and in the repository. */
const texts: Readonly<Record<string, string>> = {
  "harbour.txt": "samples/fiction/harbour.txt",
  "letter.txt": "samples/fiction/letter.txt",
  "lighthouse.txt": "samples/fiction/lighthouse.txt",
  "station.txt": "samples/fiction/station.txt",
  "recipes/bread.txt": "samples/instructions/bread.txt",
  "sums/orchard.txt": "samples/math/orchard.txt",
};

let server: RunningServer;
let opened: Workbench;
const workbench = () => opened;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  const inRepository = (path: string) => readFileSync(join(repository, path), "utf8");
  const prompts = ["haiku", "limerick"].map((name) => inRepository(`media/prompts/${name}.txt`).trim());
  server = await Server.start({
    files: {
      ...Object.fromEntries(Object.entries(texts).map(([name, path]) => [name, inRepository(path)])),
      "prompts.txt": `${prompts.join("\n")}\n`,
    },
  });
  opened = await Workbench.open(server);
});

afterAll(async () => {
  await opened.close();
  await server.stop();
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
    await workbench().openFile("prompts.txt");
    await workbench().selectLine(0);
    await workbench().runCommand("Paramscope: Mark as prompt A");
    await workbench().selectLine(1);
    await workbench().openMenu(workbench().line(1), "Compare activations with prompt A");
    await picture("compare");
    await page.keyboard.press("Escape");
    await workbench().closeAllEditors();

    await workbench().openMenu(workbench().explorerItem("harbour.txt"), "Analyze activations");
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
    const domains = await workbench().webviewWith("texts of one domain");
    await domains.getByRole("application").first().waitFor();
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
    await workbench().openFile("harbour.txt");
    await workbench().runCommand("Paramscope: Preview compression");
    const preview = new PreviewView(await workbench().webviewWith("Calibration"));
    const others = ["Models", "Results"].map((name) => page.locator(".pane-header", { hasText: name }));
    for (const header of others) await header.click();
    const calibrated = preview.frame.locator("h1");
    if ((await calibrated.innerText()) !== "harbour.txt") await preview.button("Measure").click();
    await expect.poll(() => calibrated.innerText()).toBe("harbour.txt");
    await preview.findings("layers").first().waitFor();
    await page.mouse.move(700, 450);
    await picture("prune");
    for (const header of others) await header.click();
    await workbench().closeAllEditors();
  });
});
