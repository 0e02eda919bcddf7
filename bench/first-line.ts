import { spawn } from "node:child_process";
import { join } from "node:path";

/** Seconds from starting the command on a sample to the first line that it prints. */
export async function timeToFirstLine(): Promise<number> {
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
