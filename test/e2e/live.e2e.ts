import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { formatShare } from "../../src/format/numbers";
import { quoted } from "../../src/format/model-words";
import { analyzed } from "./command-line";
import { useWorkbench } from "./session";

/* What a prompt shows while one types in it, where that is wanted. */

const workbench = useWorkbench();

/** What the editor draws behind texts: it is in no text of the page. */
const behind = () =>
  workbench().page.evaluate<string[]>(
    `[...document.querySelectorAll(".view-line span")].map((span) => getComputedStyle(span, "::after").content)`,
  );

test("nothing unless it is turned on; then what the model expects next, after a rest", async () => {
  await writeFile(join(workbench().server.workspace, "live.prompty"), "---\nname: Live\n---\nThe cat sat on");
  await workbench().explorerItem("live.prompty").waitFor();
  await workbench().openFile("live.prompty");
  const { page } = workbench();
  const line = page.locator(".view-line", { hasText: "The cat sat on" });
  await line.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" a");
  await page.waitForTimeout(1500);
  expect((await behind()).join()).not.toContain("%");
  await workbench().set({ live: true });
  await workbench().tab("live.prompty").click();
  await page.locator(".view-line", { hasText: "The cat sat on a" }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" mat in the");
  const [next] = (await analyzed("--text", "The cat sat on a mat in the")).samples[0].nextTokens;
  const expected = `${quoted(next.text)} ${formatShare(next.probability)}`;
  await expect.poll(async () => (await behind()).join().replaceAll("\\", ""), { timeout: 20_000 }).toContain(expected);
});
