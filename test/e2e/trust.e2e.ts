import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type RunningServer, Server } from "./server";
import { pictures } from "./session";
import { Workbench } from "./workbench";
import { story } from "./workspace-files";

/* A workspace that the user does not trust, and that wants another model to be read. */

let server: RunningServer;
let workbench: Workbench;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  const files = { "story.txt": story, ".vscode/settings.json": '{"paramscope.model":"/elsewhere/model"}' };
  server = await Server.start({ files, doubtful: true });
  workbench = await Workbench.open(server);
});

afterAll(async () => {
  await workbench.close();
  await server.stop();
});

test("its texts are analysed, with the user's own model", async () => {
  await workbench.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
  await workbench.chooseInExplorer("story.txt", "Analyze activations");
  const view = await workbench.analysis("story.txt");
  await view.done();
  expect(await view.text("demo").isVisible()).toBe(true);
  await workbench.page.screenshot({ path: join(pictures, "untrusted-workspace.png") });
});

test("a trusted one would have its model", async () => {
  await workbench.runCommand("Workspaces: Manage Workspace Trust");
  await workbench.page.getByRole("button", { name: "Trust", exact: true }).click();
  await expect.poll(() => workbench.statusItem().textContent(), { timeout: 20_000 }).toContain("model");
});
