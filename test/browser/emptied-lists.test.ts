import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseDocument } from "../../src/kinds/parse-document";
import { reportPage } from "../../src/report/page";
import { commandsOfKinds } from "../support/commands-of-kinds";
import { emptied } from "../support/emptied";
import { readerOfFiles, View } from "./harness/harness";
import { commandLine } from "./harness/states";

/* Whatever list of a saved result is empty and is read nonetheless: its page can be drawn, all of it. */

const { browser, folder } = readerOfFiles("emptied");

test.each(Object.entries(commandsOfKinds))("of %s", { timeout: 120_000 }, async (_, command) => {
  const path = join(folder, "page.html");
  const failed: string[] = [];
  for (const { place, document } of emptied(commandLine(...command, "--quiet") as object)) {
    const read = await parseDocument(JSON.stringify(document), "x").catch(() => undefined);
    if (read === undefined) continue;
    writeFileSync(path, reportPage(read, "dist/webview"));
    const view = await View.openFile(browser(), path);
    await view.page.locator("h1, #defect").first().waitFor();
    await view.settle();
    const defect = view.page.locator("#defect");
    if ((await defect.count()) > 0) failed.push(`${place}: ${(await defect.textContent()) ?? ""}`);
    failed.push(...view.problems.map((problem) => `${place}: ${problem}`));
    await view.page.context().close();
  }
  expect(failed).toEqual([]);
});
