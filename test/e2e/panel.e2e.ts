import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { repository, Server } from "./server";
import { Workbench } from "./workbench";

/* What the panel of an analysis asks the extension for, and what it shows after the window was loaded again in between. */

const pictures = join(repository, "dist/pictures/e2e");
const story = readFileSync(join(repository, "samples/fiction/harbour.txt"), "utf8");
const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };

let server: Server;
let workbench: Workbench;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  const many = Array.from({ length: 32 }, (_, i) => [`many/${i}.txt`, `${i}. ${story}`] as const);
  server = await Server.start({
    vsix: join(repository, `paramscope-linux-x64-${version}.vsix`),
    files: { "story.txt": story, ...Object.fromEntries(many) },
  });
  workbench = await Workbench.open(server);
}, 180_000);

afterAll(async () => {
  await workbench.close();
  await server.stop();
});

afterEach(async ({ task }) => {
  await workbench.page.screenshot({ path: join(pictures, `panel-${task.name.replace(/\W+/g, "-")}.png`) });
});

test("the full profile of a matrix is there at once", async () => {
  await workbench.chooseInExplorer("story.txt", "Analyze activations");
  const view = await workbench.analysis("story.txt");
  await view.done();
  await view.frame.getByRole("application").press("Enter");
  await view.button("Open full profile").click();
  const rows = view.frame.getByRole("slider", { name: /^Rows/ });
  await rows.waitFor();
  expect(await rows.getAttribute("aria-valuemax")).toBe("191");
});

test("the full profile of a result from before the window was loaded is run again", async () => {
  await workbench.reload();
  const view = await workbench.analysis("story.txt");
  await view.frame.locator("#matrix-title").waitFor();
  await view.button("Open full profile").click();
  await view.frame.getByRole("slider", { name: /^Columns/ }).waitFor({ timeout: 30_000 });
});

test("a panel that was running when the window was loaded again says so, and runs again", async () => {
  await workbench.chooseInExplorer("many", "Analyze activations");
  const view = await workbench.analysis("many");
  await workbench.agreeToCost(view.frame.getByText(/layer \d+ of 12/).first());
  await workbench.reload();
  const restored = await workbench.analysis("many (32 files) was not finished");
  expect(await restored.text()).toContain("run through demo when the window was closed or loaded again");
});

test("it runs again with what it was given", async () => {
  const restored = await workbench.analysis("many (32 files) was not finished");
  await restored.button("Run again").click();
  const view = await workbench.analysis("many (32 files)");
  await workbench.agreeToCost(view.frame.getByText(/layer \d+ of 12/).first());
  await view.button("Cancel").click();
  await view.frame.getByText(/^Cancelled/).waitFor({ timeout: 20_000 });
  await workbench.reload();
  const again = await workbench.analysis("See which weights a text activates");
  expect(await again.text()).not.toContain("was not finished");
});
