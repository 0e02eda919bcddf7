import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ParamscopeError } from "../../errors";
import { writeError } from "./errors";

/** A file with the number of the process that downloads into a folder. */
const lockName = ".lock";

/**
 * Keeps two downloads of one model from writing the same files. The lock of a process that is gone does not count.
 * @returns what gives it free.
 * @throws ParamscopeError when another download has it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockName);
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: "wx" });
      return async () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw writeError(path, error);
    }
    const owner = Number(await readFile(path, "utf8").catch(() => ""));
    if (isRunning(owner)) {
      throw new ParamscopeError(
        "This model is being downloaded already.",
        `Wait until that is done. If nothing downloads it any more, delete ${path}.`,
      );
    }
    await rm(path, { force: true });
  }
}

function isRunning(process_: number): boolean {
  if (!Number.isSafeInteger(process_) || process_ <= 0) return false;
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    // It is there, but another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
