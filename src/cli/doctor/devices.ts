import { spawn } from "node:child_process";
import { once } from "node:events";

import type { RuntimeWish } from "../../engine/api";
import type { DeviceCheck } from "../../engine/index";
import { executionProviders } from "../../engine/runtime/runtime";
import { elementAt } from "../../engine/numbers/elements";

/** Every way to compute, by the name that `doctor` gives it. */
export const devices: ReadonlyMap<string, RuntimeWish> = new Map<string, RuntimeWish>([
  ...executionProviders.map((provider) => [`onnx ${provider}`, { runtime: "onnx", provider }] as const),
  ["tensorflow tfjs-node", { runtime: "tensorflow", backend: "tfjs-node" }],
  ["tensorflow wasm", { runtime: "tensorflow", backend: "wasm" }],
]);

/** A device that does not answer, as with a driver that hangs. */
const LONGEST_MILLISECONDS = 60_000;

/**
 * Checks a device in a process of its own: a driver that crashes shall not take the others' results along. It ends with this one, however this ends:
 * `src/cli.ts` sees to it by the channel between the two.
 * @throws the signal's reason when it is aborted.
 */
export async function checkInOwnProcess(name: string, signal: AbortSignal): Promise<DeviceCheck> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [elementAt(process.argv, 1), "doctor", "--check", name], {
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
  let stdout = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  let isLate = false;
  const end = (): void => {
    // a driver that hangs hears nothing else
    child.kill("SIGKILL");
  };
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, LONGEST_MILLISECONDS);
  signal.addEventListener("abort", end);
  try {
    const [code, died] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    signal.throwIfAborted();
    if (isLate) return { works: false, why: "did not answer within a minute" };
    if (code !== 0) return { works: false, why: `crashed (${died ?? `exit code ${code ?? "unknown"}`})` };
    return JSON.parse(stdout) as DeviceCheck;
  } catch (error) {
    signal.throwIfAborted();
    return { works: false, why: `could not be checked (${error instanceof Error ? error.message : String(error)})` };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
