import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { formatShare } from "../../src/format/numbers";
import { quoted } from "../../src/format/model-words";
import { analyzed } from "./command-line";
import { useWorkbench } from "./session";

/* What stands above a prompt in its editor. */

const workbench = useWorkbench();
const prompt = "The cat sat on the";

const lens = (title: string) => workbench().page.locator(".codelens-decoration a", { hasText: title });

beforeAll(async () => {
  await writeFile(join(workbench().server.workspace, "cat.prompty"), `---\nname: Cat\n---\n${prompt}\n`);
  await workbench().explorerItem("cat.prompty").waitFor();
  await workbench().openFile("cat.prompty");
});

test("a prompt can be asked for its next token, which nothing was run for before", async () => {
  await lens("Next token").waitFor();
  expect(await workbench().page.locator(".codelens-decoration a").allTextContents()).toEqual([
    "Next token",
    "Explain",
    "Mark as prompt A",
  ]);
  expect(await workbench().statusItem().isVisible()).toBe(false);
  await lens("Next token").click();
  const [next] = (await analyzed("--text", prompt)).samples[0].nextTokens;
  await lens(`Next token: ${quoted(next.text)} ${formatShare(next.probability)}`).waitFor();
  expect(await workbench().statusItem().isVisible()).toBe(true);
});

test("it is explained without its head, and its tokens say their figures", async () => {
  await lens("Explain").click();
  const view = await workbench().analysis("cat.prompty:4");
  await view.done();
  await workbench().runCommand("Paramscope: Toggle token tints in editor");
  await workbench().tab("cat.prompty").click();
  const { page } = workbench();
  await page.locator(".view-line span", { hasText: "cat" }).last().hover();
  const hover = page.locator(".monaco-hover", { hasText: "Paramscope: saliency" }).first();
  await hover.waitFor();
  expect(await hover.textContent()).toContain("Explained is the whole prediction of what comes next.");
  expect(await hover.locator("a[href], a[data-href]").count()).toBe(0);
});

test("it is compared with another, once one is marked", async () => {
  await lens("Mark as prompt A").click();
  await lens("Mark as prompt A").waitFor({ state: "detached" });
  expect(await workbench().page.locator(".codelens-decoration a").count()).toBe(2);
  await workbench().page.locator(".view-line", { hasText: "cat" }).last().click();
  await workbench().page.keyboard.press("End");
  await workbench().page.keyboard.type(" big");
  await lens("Compare with prompt A").click();
  await workbench().webviewWith("relevance 0.");
});
