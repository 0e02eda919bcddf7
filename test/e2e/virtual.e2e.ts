import { expect, test } from "vitest";

import { analyzed, tableOf } from "./command-line";
import { useWorkbench } from "./session";

/* A workspace that is on no disk. */

const workbench = useWorkbench({ workspaceFile: "memory.code-workspace" });

test("texts of a virtual workspace are analysed", async () => {
  await workbench().chooseInExplorer("tide.txt", "Analyze activations");
  const view = await workbench().analysis("tide.txt");
  await view.done();
  const expected = await analyzed("--text", "The tide turned before the boats were tied up.\n");
  expect(await view.table("Layers")).toEqual(tableOf(expected));
});

test("its folders are, too", async () => {
  await workbench().chooseInExplorer("notes", "Analyze activations");
  await (await workbench().analysis("notes (1 file)")).done();
});
