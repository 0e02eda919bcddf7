import { randomUUID } from "node:crypto";
import { chmod, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { clearLeftovers } from "./leftovers";

/** What a killed process has left of a file that it was writing, and when nobody writes it any more. */
const LEFTOVER = /^\.paramscope-(\d+)-[0-9a-f]{8}\.tmp$/;
const LEFT_MILLISECONDS = 60_000;

/**
 * Writes a file so that it is never half there: under another name first. A file that was there keeps its mode.
 * @param write fills the file, from its start on.
 * @throws what went wrong: what was there is then as it was, and nothing else is left.
 */
export async function writeWholeFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  // not made of its name, which may be as long as names can be
  await clearLeftovers(dirname(path), LEFTOVER, LEFT_MILLISECONDS);
  const temporary = join(dirname(path), `.paramscope-${process.pid}-${randomUUID().slice(0, 8)}.tmp`);
  const mode = (await stat(path).catch(() => undefined))?.mode;
  try {
    // what nobody else could read is at no moment there for them
    const file = await open(temporary, "wx", mode === undefined ? 0o666 : 0o600);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    if (mode !== undefined) await chmod(temporary, mode & 0o7777);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}
