import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder with those above it, as `mkdir` with `recursive` does, which never comes back where the system says of a folder that is there that
 * it is not, as for what is below /proc.
 * @throws the system's error.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT") || parent === path) throw error;
    await makeFolder(parent);
    try {
      await mkdir(path);
    } catch (second) {
      // another process may have been quicker
      if (!(await isFolder(path))) throw second;
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
