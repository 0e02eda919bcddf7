import { afterAll, beforeAll, expect, test } from "vitest";

import { analyzed, tableOf } from "./command-line";
import { type RunningServer, Server } from "./server";
import { Workbench } from "./workbench";

/*
 * A workspace that is on no disk. It has a server of its own: the folders of a workspace file that another window of the
 * same server has had in hand sometimes do not come up.
 */

let server: RunningServer;
let workbench: Workbench;

beforeAll(async () => {
  const workspaceFile = "memory.code-workspace";
  const folders = [{ uri: "memory:/notes", name: "notes" }];
  server = await Server.start({ files: { [workspaceFile]: JSON.stringify({ folders }) } });
  workbench = await Workbench.open(server, { workspaceFile });
});

afterAll(async () => {
  await workbench.close();
  await server.stop();
});

test("texts of a virtual workspace are analysed", async () => {
  await workbench.chooseInExplorer("tide.txt", "Analyze activations");
  const view = await workbench.analysis("tide.txt");
  await view.done();
  const expected = await analyzed("--text", "The tide turned before the boats were tied up.\n");
  expect(await view.table("Layers")).toEqual(tableOf(expected));
});

test("its folders are, too", async () => {
  await workbench.chooseInExplorer("notes", "Analyze activations");
  await (await workbench.analysis("notes (1 file)")).done();
});
