import "./sound-compiler";

import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { isMainThread, parentPort, SHARE_ENV, Worker } from "node:worker_threads";
import type * as Command from "./command";

/*
 * The `paramscope` command. It is carried out in a thread, which runs this file too, and the process' own thread listens. What only one of them needs
 * is loaded in it alone, and by the first when the second is on its way.
 */

const args = process.argv.slice(2);
// What only says something needs no thread of its own, and is said sooner without.
const onlySays = args.length === 0 || args.some((arg) => ["-h", "--help", "-V", "--version"].includes(arg));
void (isMainThread && !onlySays ? listen() : carryOut());

async function listen(): Promise<void> {
  // A check of `doctor` (src/cli/doctor/devices.ts) ends with the process that wants to know, whatever its driver is busy with.
  if (args.includes("--check") && process.connected)
    process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  const thread = new Worker(__filename, {
    argv: args,
    env: SHARE_ENV,
    // A heap that is full then ends the thread and not, with pages of figures, the process.
    resourceLimits: { maxOldGenerationSizeMb: getHeapStatistics().heap_size_limit / 2 ** 20 },
  });
  const { supervise } = await import("./cli/supervise");
  await supervise(thread);
}

async function carryOut(): Promise<void> {
  const { loadProgram } = await import("./compiled-code");
  const program = loadProgram(join(__dirname, "command.cjs"));
  const { main } = program.exports as typeof Command;
  const stopped = new AbortController();
  parentPort?.once("message", () => stopped.abort()).unref();
  const code = await main(process.argv, stopped.signal);
  // Sessions and threads of the runtime may still be winding down: nothing more is expected of them.
  if (!parentPort) process.exit(code);
  if (code === 0) await program.keep();
  parentPort.postMessage(code);
}
