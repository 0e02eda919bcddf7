import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { AnalysisView } from "./analysis-view";
import { ComparisonView } from "./comparison-view";
import { isWritten } from "./files";
import { repository, type RunningServer, Server } from "./server";
import { pictures } from "./session";
import { isOnFirstScreen, Walk } from "./walk";
import { Workbench } from "./workbench";

/*
 * What people come for, in as few clicks as it may take. Each task says what it took; only clicks are held, since seconds are the
 * machine's.
 */

const prompt = readFileSync(join(repository, "media/prompts/haiku.txt"), "utf8");

/** Has much that is unusual. */
const digits = "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3 2 3 8 4 6 2 6 4 3 3 8 3 2 7 9 5 0 2 8 8.";

let server: RunningServer;
let workbench: Workbench;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  const settings = { "git.enabled": true, "git.openRepositoryInParentFolders": "never" };
  server = await Server.start({
    files: {
      ".vscode/settings.json": JSON.stringify(settings),
      "prompt.txt": prompt,
      "digits.txt": digits,
      "cat.txt": "The cat sat on the",
      "cat.prompty": "The cat sat on the",
      "dog.prompty": "The dog sat on the",
    },
  });
  const git = (...args: string[]) => execFileSync("git", args, { cwd: server.workspace, stdio: "ignore" });
  git("init", "--quiet");
  git("add", ".");
  git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", "First");
  writeFileSync(join(server.workspace, "prompt.txt"), prompt.replace("haiku", "limerick"));
  workbench = await Workbench.open(server, "nothing");
});

afterAll(async () => {
  await workbench.close();
  await server.stop();
});

/** Nothing is open, as after any task before. */
async function nothingOpen(): Promise<void> {
  if ((await workbench.page.locator(".tab").count()) > 0) await workbench.closeAllEditors();
}

afterEach(async ({ task }) => {
  await workbench.page.screenshot({ path: join(pictures, `task-${task.name.replace(/\W+/g, "-")}.png`) });
});

const lens = (title: string) =>
  workbench.page.locator(".editor-group-container.active .codelens-decoration a", { hasText: title });

test("the first result, from an empty window", async () => {
  const { page } = workbench;
  const walk = new Walk("first result from an empty window", workbench);
  await walk.click(page.locator(".activitybar .action-item", { has: page.locator('[aria-label^="Paramscope"]') }));
  await walk.click(page.locator(".welcome-view .monaco-button", { hasText: "Try a sample" }));
  await (await workbench.analysis("harbour.txt")).done();
  walk.answered();
  expect(walk.clicks).toBeLessThanOrEqual(2);
});

test.each(["prompt.txt", "digits.txt"])(
  "which layers %s uses more than others is on the first screen",
  async (name) => {
    await workbench.close();
    workbench = await Workbench.open(server);
    await nothingOpen();
    await workbench.openFile(name);
    const walk = new Walk(`which layers ${name} uses more than others, with those of analysing it`, workbench);
    await walk.choose(workbench.line(0), "Analyze activations");
    const view = await workbench.analysis(name);
    await view.done();
    walk.answered();
    for (const answer of [".typical .finding", ".layers svg"])
      expect(await isOnFirstScreen(view.frame, answer), answer).toBe(true);
    // none beyond those of analysing it
    expect(walk.clicks).toBe(2);
  },
);

const COMPARE_WITH_GIT = "Compare activations with last version in Git";

/** Where the edited file may be clicked. */
const places = {
  "its editor": async () => {
    await workbench.openFile("prompt.txt");
    return workbench.line(0);
  },
  "the explorer": () => Promise.resolve(workbench.explorerItem("prompt.txt")),
  "Source Control": async () => {
    await workbench.openSideBar("Source Control");
    return workbench.page.locator('.scm-view [role="treeitem"]', { hasText: "prompt.txt" });
  },
};

test.each(Object.entries(places))("what an edit changed, from Git, by %s", async (name, place) => {
  await nothingOpen();
  const clicked = await place();
  const walk = new Walk(`what my edit changed, by ${name}`, workbench);
  await walk.choose(clicked, COMPARE_WITH_GIT);
  const view = new ComparisonView(await workbench.webviewWith("prompt.txt (last commit)"));
  await view.done();
  walk.answered();
  for (const answer of [".relevance .finding", ".token.changed"])
    expect(await isOnFirstScreen(view.frame, answer), answer).toBe(true);
  expect(await view.changed()).toEqual(["haiku", "limerick"]);
  expect(walk.clicks).toBeLessThanOrEqual(2);
});

test("which tokens the answer rests on, from a text", async () => {
  await nothingOpen();
  await workbench.openSideBar("Explorer");
  await workbench.openFile("cat.txt");
  const walk = new Walk("which tokens the answer rests on", workbench);
  await walk.choose(workbench.line(0), "Analyze activations");
  const { frame } = await workbench.analysis("cat.txt");
  await frame.locator(".text .finding").waitFor();
  walk.answered();
  expect(await frame.locator(".text .finding").innerText()).toMatch(/of the saliency of/);
  expect(walk.clicks).toBeLessThanOrEqual(3);
});

test("which token carries the answer, from two prompts", async () => {
  await nothingOpen();
  await workbench.openFile("cat.prompty");
  await lens("Mark as prompt A").waitFor();
  const walk = new Walk("which token carries the answer, of two prompts", workbench);
  await walk.click(lens("Mark as prompt A"));
  await workbench.openFile("dog.prompty");
  await walk.click(lens("Compare with prompt A"));
  const comparison = new ComparisonView(await workbench.webviewWith("Where they part"));
  await walk.click(comparison.button("Patch A into B"));
  const patching = await workbench.webviewWith("Layers and positions");
  await patching.locator(".grid .finding").waitFor();
  walk.answered();
  expect(walk.clicks).toBeLessThanOrEqual(3);
});

/** What of the panel the user chose. */
const chosenIn = async (view: AnalysisView) => ({
  share: await view.share.inputValue(),
  matrix: await view.matrixTitle.textContent(),
  token: await view.frame.locator(".token-line .readout").textContent(),
});

test("a saved result is opened as it was left, with its threshold, matrix and token", async () => {
  await nothingOpen();
  await workbench.chooseInExplorer("cat.txt", "Analyze activations");
  const view = await workbench.analysis("cat.txt");
  await view.done();
  await view.share.fill("2 %");
  await view.share.press("Enter");
  await view.heatMap.press("ArrowDown");
  await view.heatMap.press("Enter");
  await view.matrixTitle.waitFor();
  await view.token(3).click();
  const left = await chosenIn(view);
  await view.button("Save").click();
  await workbench.acceptFileName();
  await expect.poll(() => isWritten(join(server.workspace, "cat.txt.paramscope"))).toBe(true);
  await nothingOpen();
  const walk = new Walk("a saved result as it was left", workbench);
  await walk.click(workbench.explorerItem("cat.txt.paramscope"));
  const saved = await workbench.analysis("cat.txt.paramscope");
  await saved.matrixTitle.waitFor();
  walk.answered();
  expect(await chosenIn(saved)).toEqual(left);
  expect(left.share).toBe("2 %");
  expect(walk.clicks).toBe(1);
});
