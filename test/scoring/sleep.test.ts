import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { analysisOf, manyTexts, repository, settings } from "./support";

/** Above the 5 seconds between two signs of life. */
const LIMIT = 8000;

let folder = "";
let host = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-sleep-"));
  host = join(folder, "host.cjs");
  await build({
    entryPoints: [join(repository, "test/scoring/sleeping-host.ts")],
    outfile: host,
    bundle: true,
    platform: "node",
    format: "cjs",
  });
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/* As when a lid is closed: neither process runs, and the time goes on. */
test.skipIf(process.platform === "win32")(
  "a machine that slept longer than the limit goes on with its run",
  async () => {
    const { asked, settings: given } = analysisOf({ texts: manyTexts, settings });
    const request = JSON.stringify({ asked, settings: given });
    const child = spawn(process.execPath, [host, join(repository, "dist/worker.cjs"), request, String(LIMIT)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
    await expect.poll(() => lines.length, { timeout: 60_000 }).toBe(1);
    const processes = [child.pid ?? 0, Number(lines[0])];
    for (const pid of processes) process.kill(pid, "SIGSTOP");
    await sleep(LIMIT + 2000);
    for (const pid of processes.reverse()) process.kill(pid, "SIGCONT");
    await once(child, "close");
    expect(lines[1]).toBe("done");
  },
);
