import { readFile } from "node:fs/promises";
import { isRunning } from "./leftovers";

/**
 * What tells this process from all others, for a file that says who writes: its number, and when it began where the system says it. Numbers
 * are given again: after a restart, and in a container the same ones at each start.
 */
export async function ownIdentity(): Promise<string> {
  return `${process.pid} ${await startOf(process.pid)}`;
}

/** Whether the process of that identity, or of that number alone, is there still. */
export async function isStillRunning(identity: string): Promise<boolean> {
  const [number = "", start] = identity.split(" ");
  const pid = Number(number);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isRunning(pid)) return false;
  const begun = await startOf(pid);
  return !start || begun === "" || begun === start;
}

/** When a process began, in the system's own count; empty where the system does not say (field 22 of proc(5)'s stat, the 20th behind the name). */
async function startOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
