import { execFile } from "node:child_process";

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

/** Checks a device in a process of its own: a driver that crashes shall not take the others' results along. */
export async function checkInOwnProcess(name: string): Promise<DeviceCheck> {
  const program = elementAt(process.argv, 1);
  return await new Promise((resolve) => {
    const command = [program, "doctor", "--check", name];
    execFile(process.execPath, command, { timeout: LONGEST_MILLISECONDS }, (error, stdout) => {
      if (error?.killed) return resolve({ works: false, why: "did not answer within a minute" });
      if (error)
        return resolve({ works: false, why: `crashed (${error.signal ?? `exit code ${error.code ?? "unknown"}`})` });
      resolve(JSON.parse(stdout) as DeviceCheck);
    });
  });
}
