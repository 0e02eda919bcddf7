import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { FrequencyDocument } from "../../src/engine/document/document";
import { alwaysSentence } from "../../src/format/frequency";
import { paramscope } from "../cli/session";
import { isWritten, removeAfterwards } from "./files";
import { ResultView } from "./result-view";
import { useWorkbench } from "./session";

/* In how many of a folder's texts weights are active, from the explorer. */

const workbench = useWorkbench();

test("a folder's texts are counted as on the command line, and the result is saved and opened again", async () => {
  await workbench().chooseInExplorer("tasks", "Count how often weights are active");
  const view = new ResultView(await workbench().webviewWith("Against chance"));
  const { workspace } = workbench().server;
  const { stdout } = await paramscope(["analyze", join(workspace, "tasks"), "--frequency", "--json"]);
  const expected = JSON.parse(stdout) as FrequencyDocument;
  expect(await view.frame.locator("main > .finding").innerText()).toBe(alwaysSentence(expected));

  await view.button("Save").click();
  await workbench().acceptFileName();
  const file = join(workspace, "tasks (2 files).paramscope");
  removeAfterwards(file);
  await expect.poll(() => isWritten(file)).toBe(true);
  expect((JSON.parse(readFileSync(file, "utf8")) as FrequencyDocument).layers).toEqual(expected.layers);
  await workbench().closeEditor("Frequency: tasks (2 files)");
  await workbench().openFile("tasks (2 files).paramscope");
  const saved = new ResultView(await workbench().webviewWith("tasks (2 files).paramscope"));
  expect(await saved.frame.locator("main > .finding").innerText()).toBe(alwaysSentence(expected));
  await workbench().closeEditor("tasks (2 files).paramscope");
});
