import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import type { AnalysisView } from "./analysis-view";
import { analyzed } from "./command-line";
import { pictures, useWorkbench } from "./session";

/*
 * Every state of the panel as VS Code shows it: axe-core finds nothing, and a picture is there to be looked at. In two themes; the
 * tests in the browser take every page through all four, with the colours that VS Code gives it.
 */

const workbench = useWorkbench();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** By what their tabs contain, in the order in which they are made. */
const states: Record<string, string> = {
  done: "Activations: story.txt",
  matrix: "Activations: lines.txt",
  explained: "Activations: short.txt: ",
  several: "Activations: tasks",
  error: "Activations: memory.code-workspace",
  "model-missing": "Activations: cells.ipynb",
  crashed: "Activations: many",
  folders: "Domains: letters and sums",
  "folders-refused": "Domains: sums and single",
  patching: "Patching: cat.txt into dog.txt",
  "patching-refused": "Patching: cat.txt into short-cat.txt",
  saved: "kept.paramscope",
  "broken-file": "broken.paramscope",
  running: "Activations: large.txt",
  queued: "Activations: story.txt:1",
};

async function analyze(name: string, title = name): Promise<AnalysisView> {
  await workbench().chooseInExplorer(name, "Analyze activations");
  return await workbench().analysis(title);
}

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  const { page, server } = workbench();
  await (await analyze("story.txt")).done();

  const matrix = await analyze("lines.txt");
  await matrix.done();
  await matrix.heatMap.press("Enter");

  const explained = await analyze("short.txt");
  await explained.done();
  await explained.token(3).click();
  await explained.button("Explain this token").click();
  await (await workbench().analysis("short.txt: ")).table("Matrices");

  const several = await analyze("tasks");
  await several.done();
  await several.button("Run again with…").click();

  await workbench().set({ model: join(server.workspace, "broken-model") });
  await analyze("memory.code-workspace", "memory.code-workspace could not be analyzed");
  await workbench().set({ model: "nobody/nothing" });
  await analyze("cells.ipynb", "cells.ipynb needs a model");
  await workbench().set({});

  const crashed = await analyze("many");
  await crashed.someLayers.waitFor();
  for (const pid of server.scoringProcesses()) process.kill(pid, "SIGKILL");
  await crashed.button("Show log").waitFor();

  await workbench().explorerItem("kinds").click();
  const runs = [
    ["letters", "sums", "Compare folders", "texts of one domain"],
    ["sums", "single", "Compare folders", "single has one text"],
    ["cat.txt", "dog.txt", "Patch first selected into second", "Layers and positions"],
    ["cat.txt", "short-cat.txt", "Patch first selected into second", "The prompts must have equally many tokens"],
  ];
  for (const [first, second, command, shows] of runs) {
    await workbench().selectInExplorer(first, second);
    await workbench().chooseInExplorer(first, command);
    await workbench().webviewWith(shows);
  }

  writeFileSync(
    join(server.workspace, "kept.paramscope"),
    JSON.stringify(await analyzed(join(server.workspace, "story.txt"))),
  );
  await workbench().openFile("kept.paramscope");
  const saved = await workbench().analysis("kept.paramscope");
  await saved.button("Export").click();
  await workbench().openFile("broken.paramscope");

  await workbench().set({ maxSamples: 4096 });
  const running = await analyze("large.txt");
  await running.text(/Reading the text/).waitFor();
  await workbench().openFile("story.txt");
  await workbench().selectLine(0);
  await workbench().chooseInEditor("Analyze activations of selection");
  await (await workbench().analysis("story.txt:1")).text(/^Queued/).waitFor();
  await page.mouse.move(0, 0);
});

describe.each([
  ["Light 2026", "vscode-light"],
  ["Dark High Contrast", "vscode-high-contrast"],
])("%s", (theme, kind) => {
  beforeAll(async () => await workbench().useTheme(theme));

  test.each(Object.entries(states))("%s", async (state, tab) => {
    await workbench().tab(tab).click();
    const { frame } = await workbench().analysis(tab.replace(/^(Activations|Domains|Patching): /, "").trim());
    await frame.locator(`body.${kind} main > *`).first().waitFor();
    await frame.evaluate(axe);
    const violations = await frame.evaluate<string[]>(
      `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) =>
        id + ": " + nodes.map(({ html, failureSummary }) => html.slice(0, 160) + " " + failureSummary).join(" | ")))`,
    );
    await workbench().page.screenshot({ path: join(pictures, `state-${state}-${kind}.png`) });
    expect(violations).toEqual([]);
  });
});
