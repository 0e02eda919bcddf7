import { spawn } from "node:child_process";
import { join } from "node:path";

import { median } from "../src/engine/numbers/statistics";
import type { PartRun } from "./part";
import { fixed } from "./fixed";

/** From the start of the process to the first layer's line, as a user waits for it. */
export async function measureFirstLine({ report, rounds }: PartRun): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds + 2; round++) times.push(await timeToFirstLine());
  report.table(
    "Bundled model: process start to the first layer's line",
    ["", "seconds"],
    [["median", fixed(median(times))]],
  );
}

/** Seconds from starting the command on a sample to the first line that it prints. */
async function timeToFirstLine(): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [join("dist", "cli.cjs"), "analyze", join("samples", "science", "tides.txt")], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  return new Promise((resolve, reject) => {
    let first: number | undefined;
    child.stdout.on("data", () => (first ??= (performance.now() - start) / 1000));
    child.on("error", reject);
    child.on("close", () => {
      if (first === undefined) reject(new Error("the command printed nothing"));
      else resolve(first);
    });
  });
}
