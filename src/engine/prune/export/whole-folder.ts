import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";

import * as z from "zod";

import type { ExportTarget } from "../../api";
import { ParamscopeError } from "../../errors";
import { shortName } from "../../leftovers";
import { isStillRunning, ownIdentity } from "../../process-identity";
import { version } from "../../version";
import { writeError } from "../../write-error";

/** Lists the files that were written into a folder, with what tells that they are still those: these may be replaced later, and no others. */
const LIST = "paramscope-files.json";
const NEW_LIST = `${LIST}.partial`;
/** Of the names of files in such a folder the longest. */
const LONGEST_FILE = "model-00001-of-00001.safetensors";

const written = z.object({ name: z.string(), bytes: z.int().min(0), sha256: z.string() });
const list = z.object({
  version: z.string(),
  files: z.array(written),
  /** Who fills the folder; when it is whole nobody does. */
  process: z.union([z.string(), z.int().transform(String)]).optional(),
});

type WrittenFile = z.infer<typeof written>;

/** A folder on its way: the one that is being filled, and the earlier one that it replaces. */
const partialOf = (folder: string): string => besideOf(folder, "partial");
const replacedOf = (folder: string): string => besideOf(folder, "replaced");

const besideOf = (folder: string, what: string): string =>
  join(dirname(folder), `.${shortName(basename(folder))}.paramscope-${what}`);

/**
 * Whether a folder can be written, before the work is done that would fill it. What an interrupted export left beside it is cleared, or put
 * back in its place.
 * @throws ParamscopeError where it is there, and may not be replaced: it never is where it is a link, or holds anything that was not
 * written here, or was changed since.
 */
export async function checkTarget({ folder: path, force }: ExportTarget): Promise<void> {
  const folder = resolve(path);
  const parent = dirname(folder);
  if (!(await stat(parent).catch(() => undefined))?.isDirectory())
    throw new ParamscopeError(`The folder ${parent} does not exist.`, "Create it, or name another one.");
  for (const name of [folder, join(folder, LONGEST_FILE), join(partialOf(folder), LONGEST_FILE)])
    await lstat(name).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENAMETOOLONG") throw writeError(path, cause, "folder");
    });
  await clearLeftovers(folder);
  await checkFolder({ folder: path, force });
}

/** @throws ParamscopeError where a folder may not be replaced. */
async function checkFolder({ folder: path, force }: ExportTarget): Promise<void> {
  const folder = resolve(path);
  const status = await lstat(folder).catch(() => undefined);
  if (status === undefined) return;
  if (status.isSymbolicLink())
    throw new ParamscopeError(`${path} is a link, which is not replaced.`, "Name the folder itself, or another one.");
  if (!status.isDirectory()) throw new ParamscopeError(`${path} is a file.`, "Name a folder.");
  if ((await readdir(folder)).length === 0) return;
  const strange = await strangeIn(folder);
  if (strange !== undefined)
    throw new ParamscopeError(`${path} holds ${strange}: it is not replaced.`, "Name another folder.");
  if (!force)
    throw new ParamscopeError(`${path} holds an earlier export.`, "Name another folder, or have this one replaced.", {
      settings: ["force"],
    });
}

/**
 * Writes a folder so that it is never half there: under another name first.
 * @param write fills the folder that it is given, and returns the names of its files.
 */
export async function writeWholeFolder(
  target: ExportTarget,
  write: (folder: string) => Promise<readonly string[]>,
): Promise<void> {
  const folder = resolve(target.folder);
  const [partial, replaced] = [partialOf(folder), replacedOf(folder)];
  await clearLeftovers(folder);
  try {
    await mkdir(partial);
    // an empty list says whose the folder is, should nothing more come
    await writeList(partial, [], await ownIdentity());
    const names = await write(partial);
    await writeList(partial, await Promise.all(names.map((name) => described(partial, name))));
    // the folder may have come, or been changed, while the model was pruned
    await checkFolder(target);
    const isThere = (await lstat(folder).catch(() => undefined)) !== undefined;
    if (isThere) await rename(folder, replaced);
    await rename(partial, folder);
    if (isThere) await removeWritten(replaced);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    throw writeError(target.folder, cause, "folder");
  }
}

/**
 * What an interrupted export left: a folder that was being filled goes, one that was to be replaced comes back if nothing took its place.
 * @throws ParamscopeError where a folder of that name holds what was not written here.
 */
async function clearLeftovers(folder: string): Promise<void> {
  const [partial, replaced] = [partialOf(folder), replacedOf(folder)];
  if (await isFolder(partial)) {
    const own = await listOf(partial);
    if (own === undefined && (await readdir(partial)).some((name) => name !== NEW_LIST)) throw notCleared(partial);
    if (await isOfOther(own?.process))
      throw new ParamscopeError(`Another export to ${folder} is under way.`, "Wait for it, or name another folder.");
    await rm(partial, { recursive: true, force: true });
  }
  if (!(await isFolder(replaced))) return;
  if ((await lstat(folder).catch(() => undefined)) === undefined) await rename(replaced, folder);
  else {
    if ((await strangeIn(replaced)) !== undefined) throw notCleared(replaced);
    await removeWritten(replaced);
  }
}

const notCleared = (path: string): ParamscopeError =>
  new ParamscopeError(
    `${path} stands where an export puts what it is at, and holds what Paramscope did not write.`,
    "Move it away, or name another folder.",
  );

async function isOfOther(identity: string | undefined): Promise<boolean> {
  return identity !== undefined && identity !== (await ownIdentity()) && (await isStillRunning(identity));
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true;
}

/** What of a folder was not written by an export, or is not what it wrote, in words; undefined: nothing. */
async function strangeIn(folder: string): Promise<string | undefined> {
  const files = (await listOf(folder))?.files;
  if (files === undefined) {
    const [first] = await readdir(folder);
    return first === undefined ? undefined : `${first}, which Paramscope did not write`;
  }
  for (const entry of (await readdir(folder)).filter((name) => name !== LIST)) {
    const file = files.find(({ name }) => name === entry);
    if (file === undefined) return `${entry}, which Paramscope did not write`;
    if (!(await isAsWritten(folder, file))) return `${entry}, which is not what Paramscope wrote`;
  }
  return undefined;
}

async function isAsWritten(folder: string, { name, bytes, sha256 }: WrittenFile): Promise<boolean> {
  const path = join(folder, name);
  const status = await lstat(path).catch(() => undefined);
  return status?.isFile() === true && status.size === bytes && (await digestOf(path)) === sha256;
}

async function described(folder: string, name: string): Promise<WrittenFile> {
  const path = join(folder, name);
  return { name, bytes: (await stat(path)).size, sha256: await digestOf(path) };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Writes the list, which is never half there: whoever has it can tell what the folder holds. */
async function writeList(folder: string, files: readonly WrittenFile[], process?: string): Promise<void> {
  await writeFile(join(folder, NEW_LIST), `${JSON.stringify({ version, files, process }, null, 2)}\n`);
  await rename(join(folder, NEW_LIST), join(folder, LIST));
}

/** The files of a folder that an export wrote; undefined: it has no such list. A name never leads out of the folder. */
async function listOf(folder: string): Promise<z.infer<typeof list> | undefined> {
  try {
    const path = join(folder, LIST);
    if (!(await lstat(path)).isFile()) return undefined;
    const { files, ...rest } = list.parse(JSON.parse(await readFile(path, "utf8")));
    return { ...rest, files: files.filter(({ name }) => name === basename(name)) };
  } catch {
    return undefined;
  }
}

/** Deletes what an export wrote, and the folder where nothing else is in it. */
async function removeWritten(folder: string): Promise<void> {
  for (const file of (await listOf(folder))?.files ?? [])
    if (await isAsWritten(folder, file)) await rm(join(folder, file.name), { force: true });
  await rm(join(folder, LIST), { force: true });
  await rmdir(folder);
}
