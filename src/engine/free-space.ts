import { stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ParamscopeError } from "./errors";
import { formatBytes } from "./numbers/bytes";

/** Something that is to be written, and at least so many bytes that it will take. */
export interface PlannedBytes {
  readonly path: string;
  readonly bytes: number;
}

/** Free bytes of the disk that a folder is on. Some network disks do not say; then it shows when they are full. */
export async function freeBytesOf(folder: string): Promise<number> {
  return await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Infinity,
  );
}

/**
 * Whether there is room for all that is to be written, before the work is done that would fill it. What is replaced goes only when the new is whole.
 * @throws ParamscopeError where a disk has fewer free bytes than that.
 */
export async function refuseWithoutRoom(planned: readonly PlannedBytes[]): Promise<void> {
  const byDisk = new Map<number, PlannedBytes[]>();
  for (const one of planned) {
    const disk = (await stat(dirname(resolve(one.path))).catch(() => undefined))?.dev;
    if (disk === undefined) continue;
    byDisk.set(disk, [...(byDisk.get(disk) ?? []), one]);
  }
  for (const together of byDisk.values()) {
    const [first] = together;
    if (first === undefined) continue;
    const bytes = together.reduce((sum, one) => sum + one.bytes, 0);
    const free = await freeBytesOf(dirname(resolve(first.path)));
    if (bytes > free)
      throw new ParamscopeError(
        `${together.map(({ path }) => path).join(" and ")} ${together.length === 1 ? "needs" : "need"} room for ${formatBytes(bytes)}, and the disk has ${formatBytes(free)} free.`,
        "Make room, or name another disk.",
      );
  }
}
