import { statSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";

import { median } from "../../src/engine/numbers/statistics";
import { analyzed, deepened } from "../../test/browser/harness/states";
import { Server } from "../../test/e2e/server";
import { Workbench } from "../../test/e2e/workbench";
import { story } from "../../test/e2e/workspace-files";
import { Report } from "../report";
import { activationTime, emptyPanel, firstBar, longestDelay, resetDelay, watch } from "./host";
import { drawTime, framesPerSecond, stepsPerSecond } from "./view";

/*
 * npm run bench:extension [-- rounds]
 *
 * What users wait for in VS Code, measured in the server that the tests use. The machine's other work is in the figures:
 * the delay of an extension host that does nothing says how much.
 */

const rounds = Number(process.argv.at(2) ?? 3);
const warmFiles = ["warm", "again", "more"].map((name) => `${name}.txt`);
const files = ["cold.txt", ...warmFiles, "watched.txt"];
const deep = deepened(analyzed("samples/fiction/harbour.txt"), 32);

const activation: number[] = [];
const cold: number[] = [];
const empty: number[] = [];
const warm: number[] = [];
const emptyWarm: number[] = [];
const idle: number[] = [];
const running: number[] = [];
const opening: number[] = [];
const draws: number[] = [];
const frames: number[] = [];
const steps: number[] = [];

const server = await Server.start({
  files: {
    ...Object.fromEntries(files.map((name) => [name, story])),
    "deep.paramscope": JSON.stringify(deep),
    "moved.paramscope": JSON.stringify(analyzed("samples/fiction/harbour.txt", "--positions")),
  },
});
try {
  for (let round = 0; round < rounds; round++) {
    console.error(`round ${round + 1} of ${rounds}`);
    const workbench = await Workbench.open(server);
    await watch(workbench);
    cold.push(await firstBar(workbench, "cold.txt"));
    for (const name of warmFiles) {
      warm.push(await firstBar(workbench, name));
      emptyWarm.push(await emptyPanel(workbench));
    }
    activation.push(await activationTime(workbench));

    await resetDelay(workbench);
    await workbench.page.waitForTimeout(2000);
    idle.push(await longestDelay(workbench));
    await firstBar(workbench, "watched.txt");
    await (await workbench.analysis("watched.txt")).done();
    running.push(await longestDelay(workbench));

    draws.push(await drawTime(workbench, "deep.paramscope"));
    opening.push(await longestDelay(workbench));
    frames.push(await framesPerSecond(await workbench.analysis("deep.paramscope")));
    await workbench.openFile("moved.paramscope");
    steps.push(await stepsPerSecond(await workbench.analysis("moved.paramscope")));
    await workbench.closeAllEditors();
    await workbench.close();

    const another = await Workbench.open(server);
    await watch(another);
    empty.push(await emptyPanel(another));
    await another.closeAllEditors();
    await another.close();
  }
} finally {
  await server.stop();
}

const report = new Report("npm run bench:extension", cpus()[0]?.model ?? "unknown", cpus().length);
const milliseconds = (values: readonly number[]) => `${median(values).toFixed(0)} ms`;
const kilobytes = (...paths: string[]) =>
  `${(paths.reduce((sum, path) => sum + statSync(join("dist", path)).size, 0) / 1000).toFixed(0)} kB`;
report.table(
  "In VS Code",
  ["", "measured", "limit"],
  [
    ["activation of the extension, as VS Code says", milliseconds(activation), "50 ms"],
    ["right click to the first bar, cold", milliseconds(cold), "1500 ms"],
    ["for comparison, an empty panel of VS Code, cold", milliseconds(empty), ""],
    ["right click to the first bar, warm", milliseconds(warm), "500 ms"],
    ["for comparison, an empty panel of VS Code, warm", milliseconds(emptyWarm), ""],
    ["longest delay of the extension host: idle", milliseconds(idle), ""],
    ["during a run", milliseconds(running), "50 ms"],
    ["while a result of 224 matrices is opened", milliseconds(opening), "50 ms"],
    ["first draw of a result of 224 matrices", milliseconds(draws), "200 ms"],
    ["frames per second while its threshold is dragged", median(frames).toFixed(0), "30"],
    ["steps per second through a text", median(steps).toFixed(0), "30"],
    ["extension.cjs", kilobytes("extension.cjs"), "500 kB"],
    ["webview of an analysis", kilobytes("webview/analysis.js", "webview/analysis.css"), "700 kB"],
  ],
);
const [load = NaN] = loadavg();
report.note(
  `The load of the machine was ${load.toFixed(1)} at the end. An empty panel is a webview with one line of text, the first of its window.`,
);
writeFileSync(join("bench", "results", "extension.md"), report.text());
console.log(report.text());
