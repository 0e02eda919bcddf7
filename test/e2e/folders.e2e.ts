import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import type { DomainsDocument } from "../../src/engine/document/document";
import { domainsSentences } from "../../src/format/domains";
import { paramscope } from "../cli/session";
import { isWritten, removeAfterwards } from "./files";
import { ResultView } from "./result-view";
import { pictures, useWorkbench } from "./session";

/* Folders of texts as domains, from the explorer, from the palette, and after the window was loaded again. */

const workbench = useWorkbench();

// The window's state is kept, and other tests look for files that long folders push out of sight.
afterAll(async () => await workbench().runCommand("Collapse Folders in Explorer"));

async function compareFolders(first: string, ...others: string[]): Promise<void> {
  await workbench().selectInExplorer(first, ...others);
  await workbench().chooseInExplorer(first, "Compare folders");
}

async function shown(text: string): Promise<ResultView> {
  return new ResultView(await workbench().webviewWith(text));
}

async function expand(folder: string): Promise<void> {
  const item = workbench().explorerItem(folder);
  if ((await item.getAttribute("aria-expanded")) !== "true") await item.click();
}

test("folders that are selected are compared as the command line does it, and what was left out is said", async () => {
  await expand("kinds");
  await compareFolders("letters", "sums");
  const view = await shown("texts of one domain");
  const folders = ["letters", "sums"].map((name) => join(workbench().server.workspace, "kinds", name));
  const { stdout } = await paramscope(["domains", ...folders, "--json"]);
  const document = JSON.parse(stdout) as DomainsDocument;
  const sentence = domainsSentences(document).join(" ");
  expect(await view.frame.locator("main > .finding").innerText()).toBe(sentence);
  expect(await view.frame.locator("h1").innerText()).toBe("letters and sums");
  expect(await view.notes.allInnerTexts()).toEqual([
    "kinds/letters: 1 binary file was left out.",
    "The last of 3 texts of letters was left out: another domain has 2.",
  ]);
});

test("their result is saved, is in the history, and is there after the window was loaded again", async () => {
  const view = await shown("texts of one domain");
  await view.button("Save").click();
  await workbench().acceptFileName();
  const file = join(workbench().server.workspace, "letters and sums.paramscope");
  removeAfterwards(file);
  await expect.poll(() => isWritten(file)).toBe(true);
  expect((JSON.parse(readFileSync(file, "utf8")) as DomainsDocument).domains.map(({ name }) => name)).toEqual([
    "letters",
    "sums",
  ]);
  await workbench().reload();
  await workbench().tab("Domains: letters and sums").click();
  await shown("texts of one domain");
  await workbench().closeEditor("Domains: letters and sums");
  await workbench().openResult("letters and sums");
  const items = workbench().treeItems("Results").filter({ hasText: "letters and sums" });
  await shown("texts of one domain");
  // Other tests may have kept results of the same name.
  const kept = await items.count();
  await workbench().chooseIn(items.first(), "Delete result");
  await expect.poll(() => items.count()).toBe(kept - 1);
  await workbench().reload();
  await shown("This comparison of folders is not there any more");
  await workbench().closeEditor("Domains: letters and sums");
  await workbench().openSideBar("Explorer");
});

test("languages are chosen among the samples from the palette", async () => {
  await workbench().runCommand("Paramscope: Compare folders");
  const picker = workbench().page.locator(".quick-input-widget");
  await picker.getByText("samples that come with Paramscope").waitFor();
  await workbench().page.screenshot({ path: join(pictures, "compare-folders-picker.png") });
  const input = picker.locator("input.input").first();
  for (const language of ["french", "german", "spanish"]) {
    await input.fill(language);
    await picker.locator('.quick-input-list [role="checkbox"], .quick-input-list [role="option"]').first().click();
  }
  await workbench().page.keyboard.press("Enter");
  const view = await shown("3 domains of 2 texts");
  expect(await view.frame.locator("h1").innerText()).toBe("french, german and spanish");
  await workbench().closeEditor("Domains: french, german and spanish");
});

test("a folder with one text is refused with what to do about it", async () => {
  await compareFolders("sums", "single");
  const view = await shown("single has one text");
  expect(await view.alert.innerText()).toContain("Put at least two texts into each folder.");
  await view.button("Show log").waitFor();
  await view.button("Try again").click();
  await shown("single has one text");
  await workbench().closeEditor("Domains: sums and single");
});

test("a long run is cancelled, and one that ended with the window is offered again", async () => {
  await expand("long");
  // The one that is clicked opens: the other must be above it.
  await compareFolders("tuesday", "monday");
  let view = await shown("tuesday and monday");
  await view.someLayers.waitFor();
  await view.button("Cancel").click();
  await view.text(/^Cancelled after \d+ of 12 layers\. Their means are final\./).waitFor();
  await view.button("Try again").click();
  await view.someLayers.waitFor();
  await workbench().reload();
  view = await shown("tuesday and monday was not finished");
  await view.button("Run again").click();
  await view.someLayers.waitFor();
  await view.button("Cancel").click();
  await view.text(/^Cancelled after/).waitFor();
  await workbench().closeEditor("Domains: tuesday and monday");
});
