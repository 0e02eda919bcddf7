import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { ComparisonDocument } from "../../src/engine/document/document";
import { filled, ONE_WORD_TEMPLATE } from "../../src/engine/text/template";
import { relevanceSentences } from "../../src/format/comparison";
import { paramscope } from "../cli/session";
import { ComparisonView } from "./comparison-view";
import { isWritten } from "./files";
import { repository, type RunningServer, Server } from "./server";
import { pictures } from "./session";
import { Workbench } from "./workbench";
import { story } from "./workspace-files";

const firstLine = "Write a haiku about rain on a tin roof.";
const secondLine = "Write a limerick about rain on a tin roof.";
const prompt = "You are a patient teacher. Answer in one sentence.\n";

/* A comparison from its run to the file that it is saved in, in a workspace with a Git repository. */

let server: RunningServer;
let workbench: Workbench;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  server = await Server.start({
    files: {
      ".vscode/settings.json": JSON.stringify({ "git.enabled": true, "git.openRepositoryInParentFolders": "never" }),
      "lines.txt": `${firstLine}\n${secondLine}\n`,
      "prompt.txt": prompt,
      "same.txt": prompt,
      "new.txt": "Nobody has committed this.\n",
      "pairs.tsv": readFileSync(join(repository, "test/data/stsb-dev-100.tsv"), "utf8")
        .split("\n")
        .slice(0, 12)
        .join("\n"),
      "hundred.tsv": readFileSync(join(repository, "test/data/stsb-dev-100.tsv")),
    },
  });
  const git = (...args: string[]) => execFileSync("git", args, { cwd: server.workspace, stdio: "ignore" });
  git("init", "--quiet");
  git("add", "prompt.txt", "same.txt");
  git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", "First");
  writeFileSync(join(server.workspace, "prompt.txt"), prompt.replace("patient", "strict"));
  workbench = await Workbench.open(server);
});

afterAll(async () => {
  await workbench.close();
  await server.stop();
});

afterEach(async ({ task }) => {
  await workbench.page.screenshot({ path: join(pictures, `comparison-${task.name.replace(/\W+/g, "-")}.png`) });
});

/** The view of the comparison whose heading has all of these texts. */
async function comparison(...texts: string[]): Promise<ComparisonView> {
  const frame = await workbench.webviewWith(texts[0]);
  for (const text of texts) await frame.getByText(text).first().waitFor();
  return new ComparisonView(frame);
}

async function compareLines(): Promise<ComparisonView> {
  await workbench.openFile("lines.txt");
  await workbench.selectLine(0);
  await workbench.runCommand("Paramscope: Mark as prompt A");
  await workbench.page.locator(".statusbar-item", { hasText: "Prompt A: lines.txt:1" }).waitFor();
  await workbench.selectLine(1);
  await workbench.runCommand("Paramscope: Compare activations with prompt A");
  const view = await comparison("lines.txt:1");
  await view.done();
  return view;
}

test("two selections are compared in a panel, as the command line does it", async () => {
  const view = await compareLines();
  const { stdout } = await paramscope(["compare", "--text", firstLine, "--text", secondLine, "--json"]);
  const [relevance] = relevanceSentences(JSON.parse(stdout) as ComparisonDocument);
  expect(await view.relevance.innerText()).toBe(relevance);
  expect(await view.beginnings()).toEqual([firstLine, secondLine]);
});

test("a place where they part opens its matrix, and a token is shown in the editor", async () => {
  const view = await comparison("Where they part");
  await view.frame.locator(".parts button").first().click();
  await view.frame.locator("#matrix-title").waitFor();
  await view.frame.getByText("Strongest weights in the top set of A only").first().waitFor();
  await workbench.page.keyboard.press("Escape");
  await view.frame.locator("#matrices-title").waitFor();
  await view.frame.locator("#a-token-5").click();
  await workbench.page.locator(".monaco-editor .line-numbers.active-line-number", { hasText: /^1$/ }).waitFor();
});

test("swapped and saved it opens again as it was, and so does the history's", async () => {
  const view = await comparison("Where they part");
  await view.button("Swap").click();
  await expect.poll(() => view.beginnings()).toEqual([secondLine, firstLine]);
  await view.button("Save").click();
  await workbench.acceptFileName();
  const file = "lines.txt_1 and lines.txt_2.paramscope";
  await expect.poll(() => isWritten(join(server.workspace, file))).toBe(true);
  const saved = JSON.parse(readFileSync(join(server.workspace, file), "utf8")) as ComparisonDocument;
  expect([saved.a, saved.b].map(({ samples }) => samples[0].text)).toEqual(
    [secondLine, firstLine].map((line) => filled(ONE_WORD_TEMPLATE, line)),
  );
  await workbench.closeEditor("Comparison: lines.txt:1");

  await workbench.openFile(file);
  const opened = await comparison("Saved result");
  expect(await opened.beginnings()).toEqual([secondLine, firstLine]);
  await workbench.closeEditor(file);

  await workbench.openResult(" and ");
  const kept = await comparison("Where they part");
  await expect.poll(() => kept.beginnings()).toEqual([secondLine, firstLine]);
  await workbench.closeEditor("Comparison: lines.txt:1");
  await workbench.openSideBar("Explorer");
});

test("the panel is there again after the window was loaded anew", async () => {
  await (await compareLines()).done();
  await workbench.reload();
  await workbench.tab("Comparison: lines.txt:1").click();
  const view = await comparison("Where they part");
  expect(await view.beginnings()).toEqual([firstLine, secondLine]);
  await workbench.closeEditor("Comparison: lines.txt:1");
});

test("a file is compared with its last version in Git", async () => {
  await workbench.openFile("prompt.txt");
  await workbench.runCommand("Paramscope: Compare activations with last version in Git");
  const view = await comparison("prompt.txt (last commit)");
  await view.done();
  expect((await view.beginnings()).map((text) => /patient|strict/.exec(text)?.[0])).toEqual(["patient", "strict"]);
  await workbench.closeEditor("Comparison: prompt.txt");
});

test("a file that is as it was, or that no commit has, is said to be so", async () => {
  await workbench.openFile("same.txt");
  await workbench.runCommand("Paramscope: Compare activations with last version in Git");
  await workbench.page.getByText("same.txt is as in its last commit").first().waitFor({ state: "attached" });
  await workbench.openFile("new.txt");
  await workbench.runCommand("Paramscope: Compare activations with last version in Git");
  await workbench.page.getByText("new.txt has no earlier version in Git").first().waitFor({ state: "attached" });
  await workbench.runCommand("Notifications: Clear All Notifications");
});

/** Gives a template of one's own for sentence pairs, where those that there are can be chosen. */
async function writeTemplate(template: string): Promise<void> {
  const widget = workbench.page.locator(".quick-input-widget");
  await widget.getByRole("option", { name: "Another…" }).click();
  await widget.getByText("What stands around each sentence, with {text} in its place.").waitFor();
  const input = widget.locator("input").first();
  await input.fill(template);
  await input.press("Enter");
}

test("a table of sentence pairs becomes points, and a pair of them a comparison within its template", async () => {
  await workbench.chooseInExplorer("pairs.tsv", "Compare sentence pairs");
  await writeTemplate("Of {text}:");
  const frame = await workbench.webviewWith("human score against contrast relevance");
  expect(await frame.locator("svg.scatter .dot:not(.chosen)").count()).toBe(12);
  await workbench.page.screenshot({ path: join(pictures, "sentence-pairs.png") });
  await frame.locator("svg.scatter").press("End");
  const sentences = await frame.locator("dl.sentences dd").allInnerTexts();
  await frame.locator("vscode-button", { hasText: "Compare these two" }).click();
  const view = await comparison("Where they part");
  expect(await view.beginnings()).toEqual(sentences);
});

const twoRuns = { timeout: 300_000 };

test("pairs whose run ended with the window go on where they were, with what they were given", twoRuns, async () => {
  await workbench.chooseInExplorer("hundred.tsv", "Compare sentence pairs");
  // So long that the run is still under way when the window is loaded again.
  await writeTemplate(`${story} {text}`);
  const status = (frame: Frame) => frame.getByRole("status").filter({ hasText: /Scoring weights, layer [1-9]/ });
  await status(await workbench.webviewWith("hundred.tsv")).waitFor();
  const kept = join(server.root, "user-data/User/workspaceStorage");
  const files = () =>
    readdirSync(kept, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".resume"));
  await expect.poll(files, { timeout: 90_000 }).toHaveLength(1);
  await workbench.reload();
  const [line] = readFileSync(join(kept, files()[0]), "utf8").split("\n", 1);
  const { results } = JSON.parse(line) as { results: unknown[] };
  const frame = await workbench.webviewWith("hundred.tsv was not finished");
  await frame.getByRole("button", { name: "Run again" }).click();
  await status(frame).waitFor();
  await frame.getByRole("button", { name: "Cancel" }).click();
  const cancelled = frame.getByText(/^Cancelled after \d+ of 12 layers\. Their agreement is final\./);
  const [done] = /\d+/.exec(await cancelled.innerText()) ?? [];
  // at once, which would take a while from the beginning
  expect(Number(done)).toBeGreaterThanOrEqual(results.length);
  expect(results.length).toBeGreaterThan(0);
  await workbench.closeEditor("Sentence pairs: hundred.tsv");
});

test("pairs that the command line saved are opened as points", async () => {
  const file = join(server.workspace, "eight.paramscope");
  await paramscope(["pairs", join(server.workspace, "pairs.tsv"), "--limit", "8", "--output", file]);
  await workbench.openFile("eight.paramscope");
  const frame = await workbench.webviewWith("8 pairs of 16 sentences");
  expect(await frame.locator("svg.scatter .dot:not(.chosen)").count()).toBe(8);
  await frame.getByText("Saved result").waitFor();
});

test("prompt A is marked beside its line, which the mark follows, until it is forgotten", async () => {
  const { page } = workbench;
  const mark = page.locator(".glyph-margin-widgets .cgmr");
  await workbench.runCommand("View: Close All Editors");
  await workbench.openFile("lines.txt");
  await workbench.selectLine(0);
  await workbench.runCommand("Paramscope: Mark as prompt A");
  await mark.waitFor();
  const before = await mark.boundingBox();
  await workbench.line(0).click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await mark.boundingBox())?.y).toBeGreaterThan(before?.y ?? 0);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+s");
  await page.locator(".statusbar-item", { hasText: "Prompt A: lines.txt:1" }).click();
  await mark.waitFor({ state: "detached" });
  await page.locator(".statusbar-item", { hasText: "Prompt A" }).waitFor({ state: "detached" });
});
