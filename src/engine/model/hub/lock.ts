import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ParamscopeError } from "../../errors";
import { isStillRunning, ownIdentity } from "../../process-identity";
import { writeError } from "./errors";

/** A file that says which process downloads into a folder. */
const lockName = ".lock";

/** A lock that is still empty is being made, or was left so by a machine that lost its power. */
const EMPTY_MILLISECONDS = 10_000;

/**
 * Keeps two downloads of one model from writing the same files. The lock of a process that is gone is taken over.
 * @returns what gives it free.
 * @throws ParamscopeError when another download has it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockName);
  const own = await ownIdentity();
  for (;;) {
    try {
      await writeFile(path, own, { flag: "wx" });
      return async () => rm(path, { force: true });
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw writeError(path, error);
    }
    const found = await readFile(path, "utf8").catch(() => "");
    if (await isHeld(path, found)) {
      throw new ParamscopeError(
        "This model is being downloaded already.",
        `Wait until that is done. If nothing downloads it any more, delete ${path}.`,
      );
    }
    await discard(path, found);
  }
}

/** Of two that find the same old lock one takes it away: so that the other does not delete the first one's new lock. */
async function discard(path: string, old: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  // another one was quicker, and this is its own
  if ((await readFile(aside, "utf8").catch(() => old)) !== old) await rename(aside, path);
  else await rm(aside, { force: true });
}

async function isHeld(path: string, lock: string): Promise<boolean> {
  return lock === "" ? await isYoung(path) : await isStillRunning(lock);
}

async function isYoung(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && Date.now() - status.mtimeMs < EMPTY_MILLISECONDS;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
