import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { ExportTarget } from "../../api";
import { ParamscopeError } from "../../errors";
import { version } from "../../version";

/** Lists the files that were written into a folder: what may be replaced later. */
const LIST = "paramscope-files.json";

/**
 * Whether a folder can be written, before the work is done that would fill it.
 * @throws ParamscopeError where it is there, and may not be replaced: it never is where it holds what was not written here.
 */
export async function checkTarget({ folder, force }: ExportTarget): Promise<void> {
  const parent = dirname(resolve(folder));
  if (!(await stat(parent).catch(() => undefined))?.isDirectory())
    throw new ParamscopeError(`The folder ${parent} does not exist.`, "Create it, or name another one.");
  const status = await stat(folder).catch(() => undefined);
  if (status === undefined) return;
  if (!status.isDirectory()) throw new ParamscopeError(`${folder} is a file.`, "Name a folder.");
  const entries = await readdir(folder);
  if (entries.length === 0) return;
  const written = await listOf(folder);
  const strange = entries.find((entry) => !written.has(entry));
  if (strange !== undefined)
    throw new ParamscopeError(
      `${folder} holds ${strange}, which Paramscope did not write: it is not replaced.`,
      "Name another folder.",
    );
  if (!force)
    throw new ParamscopeError(`${folder} holds an earlier export.`, "Name another folder, or have this one replaced.", {
      settings: ["force"],
    });
}

/**
 * Writes a folder so that it is never half there: under another name first. What is left of an interrupted one is replaced.
 * @param write fills the folder that it is given, and returns the names of its files.
 */
export async function writeWholeFolder(
  target: ExportTarget,
  write: (folder: string) => Promise<readonly string[]>,
): Promise<void> {
  const folder = resolve(target.folder);
  const partial = join(dirname(folder), `.${basename(folder)}.paramscope-partial`);
  const replaced = join(dirname(folder), `.${basename(folder)}.paramscope-replaced`);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    const files = await write(partial);
    await writeFile(join(partial, LIST), `${JSON.stringify({ version, files: [...files, LIST] }, null, 2)}\n`);
    // the folder may have come, or been changed, while the model was pruned
    await checkTarget(target);
    const isThere = (await stat(folder).catch(() => undefined)) !== undefined;
    if (isThere) await rename(folder, replaced);
    await rename(partial, folder);
    if (isThere) await removeListed(replaced);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    throw writeError(target.folder, cause);
  }
}

async function listOf(folder: string): Promise<Set<string>> {
  try {
    const { files } = JSON.parse(await readFile(join(folder, LIST), "utf8")) as { files?: unknown };
    return new Set(Array.isArray(files) ? files.map(String) : []);
  } catch {
    return new Set();
  }
}

async function removeListed(folder: string): Promise<void> {
  for (const file of await listOf(folder)) await rm(join(folder, basename(file)), { force: true });
  await rmdir(folder);
}

function writeError(folder: string, cause: unknown): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new ParamscopeError(`The disk is full: ${folder} was not written.`, "Make room, or name another disk.", {
        cause,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new ParamscopeError(`${folder} may not be written.`, "Check its permissions, or name another folder.", {
        cause,
      });
    default:
      return cause;
  }
}
