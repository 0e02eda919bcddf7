import { expect, test } from "vitest";

import { useWorkbench } from "./session";

/* Runs that do not come to their end, and runs that wait. */

const workbench = useWorkbench();

async function startLongRun() {
  await workbench().chooseInExplorer("many", "Analyze activations");
  const view = await workbench().analysis("many");
  await view.someLayers.waitFor();
  return view;
}

async function nextRunWorks(): Promise<void> {
  await workbench().chooseInExplorer("lines.txt", "Analyze activations");
  await (await workbench().analysis("lines.txt")).done();
  await workbench().closeEditor("Activations: lines.txt");
}

test("a run that is cancelled keeps the layers it has, and the next one works", async () => {
  const view = await startLongRun();
  await view.button("Cancel").click();
  await view.text(/^Cancelled after \d+ of 12 layers/).waitFor();
  expect(await view.bars.count()).toBe(12);
  await nextRunWorks();
});

test("a run can be cancelled from the status bar", async () => {
  const view = await startLongRun();
  await workbench().statusItem().click();
  await view.text(/^Cancelled after/).waitFor();
});

test("a process that is killed ends in one message, and the next run works", async () => {
  const view = await startLongRun();
  const processes = workbench().server.scoringProcesses();
  expect(processes).not.toEqual([]);
  for (const pid of processes) process.kill(pid, "SIGKILL");
  await view.text("The scoring process was killed while it was computing").waitFor();
  await view.button("Show log").waitFor();
  await nextRunWorks();
});

test("a second run waits, says so, and starts when the first has ended", async () => {
  await startLongRun();
  await workbench().chooseInExplorer("story.txt", "Analyze activations");
  const second = await workbench().analysis("story.txt");
  await second.text("Queued: another run is under way").waitFor();
  await workbench().tab("Activations: many").click();
  const first = await workbench().analysis("many");
  await first.button("Cancel").click();
  await first.text(/^Cancelled/).waitFor();
  await workbench().tab("Activations: story.txt").click();
  await (await workbench().analysis("story.txt")).done();
});
