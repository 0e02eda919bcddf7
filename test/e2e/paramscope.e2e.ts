import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import { formatCount, formatDensity, formatNumber } from "../../src/format/numbers";
import { paramscope } from "../cli/session";
import { repository, Server } from "./server";
import { Workbench } from "./workbench";

const story = readFileSync(join(repository, "samples/fiction/harbour.txt"), "utf8");
const firstLine = "Write a haiku about rain on a tin roof.";
const secondLine = "Write a limerick about rain on a tin roof.";
const pictures = join(repository, "dist/pictures/e2e");
const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };

let server: Server;
let workbench: Workbench;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  const many = Array.from({ length: 16 }, (_, i) => [`many/${i}.txt`, `${i}. ${story}`] as const);
  server = await Server.start({
    vsix: join(repository, `paramscope-linux-x64-${version}.vsix`),
    files: {
      "story.txt": story,
      "short.txt": "The lighthouse keeper counted the boats.",
      "lines.txt": `${firstLine}\n${secondLine}\n`,
      "empty.txt": "",
      "broken.paramscope": '{"format":"paramscope.analysis","version":1,"model":{}}',
      ...Object.fromEntries(many),
    },
  });
  workbench = await Workbench.open(server);
}, 180_000);

afterAll(async () => {
  await workbench.close();
  await server.stop();
});

afterEach(async ({ task }) => {
  const name = task.name.replace(/\W+/g, "-");
  await workbench.page.screenshot({ path: join(pictures, `${name}.png`) });
});

async function commandLine(...args: string[]): Promise<AnalysisDocument> {
  const { stdout } = await paramscope(["analyze", ...args, "--json"]);
  return JSON.parse(stdout) as AnalysisDocument;
}

/** What the table of layers shows of a document. */
function tableOf({ layers }: AnalysisDocument): string[][] {
  return layers.map(({ layer, density, active, parameters, sum, l2, max }) => [
    String(layer),
    formatDensity(density),
    formatCount(active),
    formatCount(parameters),
    formatNumber(sum / parameters),
    formatNumber(l2),
    formatNumber(max),
  ]);
}

describe("analyzing", () => {
  test("a file of the explorer shows its layers, with the command line's values", async () => {
    await workbench.chooseInExplorer("story.txt", "Analyze activations");
    const view = await workbench.analysis("story.txt");
    await view.done();
    const rows = await view.layersTable();
    expect(rows).toHaveLength(12);
    expect(rows).toEqual(tableOf(await commandLine("samples/fiction/harbour.txt")));
    expect(await workbench.statusItem().textContent()).toContain("demo");
  });

  test("an editor counts what is typed, saved or not", async () => {
    await workbench.openFile("short.txt");
    await workbench.line(0).click();
    await workbench.page.keyboard.press("Control+End");
    await workbench.page.keyboard.type(" Twice");
    await workbench.runCommand("Paramscope: Analyze activations");
    const view = await workbench.analysis("short.txt");
    await view.done();
    const expected = await commandLine("--text", "The lighthouse keeper counted the boats. Twice");
    expect(await view.layersTable()).toEqual(tableOf(expected));
  });

  test("a selection takes what is selected", async () => {
    await workbench.openFile("lines.txt");
    await workbench.selectLine(0);
    await workbench.chooseInEditor("Analyze activations of selection");
    const view = await workbench.analysis("Selection in lines.txt");
    await view.done();
    expect(await view.layersTable()).toEqual(tableOf(await commandLine("--text", firstLine)));
  });

  test("two selections are compared, as the command line does it", async () => {
    await workbench.tab("lines.txt").click();
    await workbench.selectLine(0);
    await workbench.runCommand("Paramscope: Mark as prompt A");
    await workbench.selectLine(1);
    await workbench.runCommand("Paramscope: Compare activations with prompt A");
    const { stdout } = await paramscope(["compare", "--text", firstLine, "--text", secondLine]);
    const [relevance] = /Relevance [^\n]*/.exec(stdout) ?? [""];
    await workbench.tab("Selection in lines.txt and").waitFor();
    await workbench.page.getByText(relevance.slice(0, 40)).first().waitFor();
    await workbench.closeEditor("Selection in lines.txt and");
  });

  test("a token is explained by a run with it as the target", async () => {
    await workbench.chooseInExplorer("story.txt", "Analyze activations");
    const view = await workbench.analysis("story.txt");
    await view.done();
    await view.frame.locator("#token-40").click();
    await view.button("Explain").click();
    const explained = await workbench.analysis("story.txt: ");
    await explained.frame.getByText("Explained:").first().waitFor({ timeout: 20_000 });
    await workbench.closeEditor("story.txt: ");
    await workbench.chooseInExplorer("story.txt", "Analyze activations");
    await (await workbench.analysis("story.txt")).done();
  });

  test("an empty file says that it is empty", async () => {
    await workbench.chooseInExplorer("empty.txt", "Analyze activations");
    await workbench.page.getByText("empty.txt is empty").first().waitFor({ state: "attached" });
    await workbench.runCommand("Notifications: Clear All Notifications");
  });
});

describe("a run", () => {
  test("that is cancelled says so, and the next one works", async () => {
    await workbench.chooseInExplorer("many", "Analyze activations");
    const view = await workbench.analysis("many");
    await workbench.agreeToCost(view.frame.getByText(/layer \d+ of 12/).first());
    await view.button("Cancel").click();
    await view.frame
      .getByText(/cancelled/i)
      .first()
      .waitFor({ timeout: 10_000 });
    await workbench.chooseInExplorer("story.txt", "Analyze activations");
    await (await workbench.analysis("story.txt")).done();
  });

  test("whose process is killed ends in one message, and the next one works", async () => {
    await workbench.chooseInExplorer("many", "Analyze activations");
    const view = await workbench.analysis("many");
    await workbench.agreeToCost(view.frame.getByText(/layer \d+ of 12/).first());
    const pid = server.scoringProcess();
    expect(pid).toBeDefined();
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    await view.frame.getByText("The scoring process was killed while it was computing").waitFor({ timeout: 10_000 });
    await view.button("Show log").waitFor();
    await workbench.chooseInExplorer("story.txt", "Analyze activations");
    await (await workbench.analysis("story.txt")).done();
  });
});

describe("a saved result", () => {
  test("is written where the user says, and opens again", async () => {
    await workbench.tab("Activations: story.txt").click();
    const view = await workbench.analysis("story.txt");
    await view.done();
    await view.button("Save").click();
    await workbench.acceptFileName();
    const path = join(server.workspace, "story.txt.paramscope");
    await expect.poll(() => existsSync(path), { timeout: 10_000 }).toBe(true);
    await workbench.openFile("story.txt.paramscope");
    await workbench.webviewWith("Saved result");
    await workbench.closeEditor("story.txt.paramscope");
  });

  test("shows what the command line saved", async () => {
    const saved = join(server.workspace, "saved.paramscope");
    const document = await commandLine("samples/fiction/harbour.txt");
    writeFileSync(saved, JSON.stringify(document));
    await workbench.openFile("saved.paramscope");
    const view = await workbench.webviewWith("Saved result");
    const [first] = await view.locator("h1").allTextContents();
    expect(first).toContain("saved.paramscope");
    await workbench.closeEditor("saved.paramscope");
  });

  test("that is broken says what is wrong, and where", async () => {
    await workbench.openFile("broken.paramscope");
    await workbench.webviewWith("broken.paramscope is damaged at model.name");
    await workbench.closeEditor("broken.paramscope");
  });
});

describe("the window", () => {
  test("shows the analysis again after it was loaded again", async () => {
    await workbench.tab("Activations: story.txt").click();
    await workbench.load();
    const view = await workbench.analysis("story.txt");
    await view.done();
    expect(await view.layersTable()).toHaveLength(12);
  });

  test("asked nothing of any other host", () => {
    expect(workbench.outside).toEqual([]);
  });

  test("saw nothing forbidden by a content security policy", () => {
    const own = workbench.consoleErrors.filter((text) => text.includes("Content Security Policy"));
    expect(own).toEqual([]);
  });
});
