import { createHash } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of a name that others can still be made of: file systems take 255. */
const LONGEST_BYTES = 200;

/** What stands for the name of a file in names that are made of it: itself, or where it is long 32 characters that no other name has. */
export function shortName(name: string): string {
  return Buffer.byteLength(name) <= LONGEST_BYTES ? name : createHash("sha256").update(name).digest("hex").slice(0, 32);
}

/** Whether a process of that number is there, whoever's it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Deletes what a killed process has left of files that it was writing under another name first. Never fails: what cannot be deleted stays.
 * @param pattern of their names; its first group is the number of the process that wrote.
 * @param olderThan milliseconds that nothing was written there: a shared folder may have files of other machines' processes.
 */
export async function clearLeftovers(folder: string, pattern: RegExp, olderThan = 0): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = Number(pattern.exec(name)?.[1]);
    if (!(pid > 0) || (pid !== process.pid && isRunning(pid))) continue;
    const path = join(folder, name);
    const status = await stat(path).catch(() => undefined);
    if (status?.isFile() && Date.now() - status.mtimeMs >= olderThan)
      await rm(path, { force: true }).catch(() => undefined);
  }
}
