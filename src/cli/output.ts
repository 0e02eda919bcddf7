import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, chmod, readlink, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { ParamscopeError } from "../engine/errors";
import { clearLeftovers } from "../engine/leftovers";
import { modelFiles } from "../engine/model/formats/model-files";
import { fileOf, identityOf } from "./terminal/descriptors";
import { standardOutput } from "./terminal/streams";

/** The files that a command is to write, as its options name them. */
export interface Outputs {
  readonly output?: string;
  readonly report?: string;
  readonly resume?: string;
}

/**
 * Whether the files can be written, before the work is done that would fill them; where standard output goes to a file or a pipe, that is one of them.
 * @param inputs files and folders that are read: nothing is written over them.
 * @throws ParamscopeError when one cannot, is named twice, or is read.
 */
export async function checkOutputs({ output, report, resume }: Outputs, inputs: readonly string[]): Promise<void> {
  const read = await Promise.all(inputs.map((path) => realpath(path).catch(() => undefined)));
  const written = new Set<string>();
  const printed = fileOf(1);
  for (const path of inputs)
    if (printed !== undefined && (await fileNamed(path)) === printed)
      throw new ParamscopeError(`${path} is what is read, and where standard output goes`, "Send it to another file.");
  for (const path of [output, report, resume]) {
    if (path === undefined) continue;
    await checkOne(path);
    if (printed !== undefined && (await fileNamed(path)) === printed)
      throw new ParamscopeError(
        `${path} is to be written twice: standard output goes there`,
        "Name another file, or print the result with --json.",
      );
    if (await isSpecial(path)) {
      if (path === resume) throw new ParamscopeError(`${path} is no regular file`, "Name another file to resume from.");
      continue;
    }
    const place = await placeOf(path);
    if (written.has(place))
      throw new ParamscopeError(`${path} is to be written twice`, "Name another file for one of the two.");
    written.add(place);
    // a file to resume from is read by the run that wrote it
    if (path !== resume) await refuseInput(path, place, read);
  }
}

/** @throws ParamscopeError for a file that is to be written and is one of the model's. */
export async function refuseModelFiles({ output, report, resume }: Outputs, model: string): Promise<void> {
  const files = await modelFiles(model);
  const places = new Set(await Promise.all((files.length > 0 ? files : [model]).map((file) => realpath(file))));
  for (const path of [output, report, resume])
    if (path !== undefined && places.has(await placeOf(path)))
      throw new ParamscopeError(`${path} is a file of the model`, "Name another file.");
}

async function refuseInput(path: string, place: string, read: readonly (string | undefined)[]): Promise<void> {
  if (read.includes(place))
    throw new ParamscopeError(`${path} is what is read: it is not written over`, "Name another file.");
  const folder = read.find((input) => input !== undefined && place.startsWith(`${input}${sep}`));
  // a result that was saved there is no text of the folder
  if (folder === undefined || place.endsWith(".paramscope") || (await stat(place).catch(() => undefined)) === undefined)
    return;
  throw new ParamscopeError(
    `${path} is in a folder that is read: it is not written over`,
    "Name another file, or one that is not there yet.",
  );
}

/** What tells a file by its name from all others; undefined where there is none. */
async function fileNamed(path: string): Promise<string | undefined> {
  const status = await stat(path, { bigint: true }).catch(() => undefined);
  return status && identityOf(status);
}

async function checkOne(path: string): Promise<void> {
  if (path === "")
    throw new ParamscopeError("The name of a file to write is empty", "Is a variable of the shell not set?");
  const status = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    // no file of that name can ever be there
    if (["ENOTDIR", "ENAMETOOLONG", "ELOOP"].includes(cause.code ?? "")) throw cannotWrite(path, cause);
    return undefined;
  });
  if (status?.isDirectory()) throw new ParamscopeError(`${path} is a folder`, "Name a file.");
  await access((await isSpecial(path)) ? path : dirname(await placeOf(path)), constants.W_OK).catch(
    (cause: unknown) => {
      throw cannotWrite(path, cause);
    },
  );
}

/** A pipe or a device: it takes the content as it comes, and is never replaced. */
async function isSpecial(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && !status.isFile();
}

/** Links that lead to each other are followed so far. */
const MOST_LINKS = 40;

/** Where a file is, or will be: what links lead to, whether that is there or not. */
async function placeOf(path: string, links = MOST_LINKS): Promise<string> {
  const place = await realpath(path).catch(() => undefined);
  if (place !== undefined) return place;
  const target = links > 0 ? await readlink(path).catch(() => undefined) : undefined;
  if (target !== undefined) return placeOf(resolve(dirname(path), target), links - 1);
  const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
  return join(folder, basename(path));
}

/**
 * Writes a file so that it is never half there: under another name first. A link stays one: what it leads to is written. A file that was there
 * keeps its mode. A pipe and a device stay too, which a file must not replace: they take the content as it comes.
 * @throws ParamscopeError when it cannot be written: what was there is then as it was, and nothing else is left.
 */
export async function writeWhole(path: string, content: string): Promise<void> {
  try {
    if (await isSpecial(path)) await writeFile(path, content);
    else await replaceFile(await placeOf(path), content);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** What a killed command has left of a file that it was writing, and when nobody writes it any more. */
const LEFTOVER = /^\.paramscope-(\d+)-[0-9a-f]{8}\.tmp$/;
const LEFT_MILLISECONDS = 60_000;

async function replaceFile(path: string, content: string): Promise<void> {
  // not made of its name, which may be as long as names can be
  await clearLeftovers(dirname(path), LEFTOVER, LEFT_MILLISECONDS);
  const temporary = join(dirname(path), `.paramscope-${process.pid}-${randomUUID().slice(0, 8)}.tmp`);
  try {
    const mode = (await stat(path).catch(() => undefined))?.mode;
    // what nobody else could read is at no moment there for them
    await writeFile(temporary, content, { mode: mode === undefined ? 0o666 : 0o600 });
    if (mode !== undefined) await chmod(temporary, mode & 0o7777);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

/**
 * Writes a text of any length to standard output, as fast as its reader takes it.
 * @throws ParamscopeError where not all of it can be written.
 */
export async function writeOut(text: string): Promise<void> {
  standardOutput.write(text, false);
  await standardOutput.flush();
}

function cannotWrite(path: string, cause: unknown): ParamscopeError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const options = { cause };
  switch (code) {
    case "ENOENT":
      return new ParamscopeError(`The folder of ${path} does not exist`, "Create it, or name another file.", options);
    case "ENOTDIR":
      return new ParamscopeError(`${dirname(path)} is a file, not a folder`, "Name another file.", options);
    case "ENAMETOOLONG":
      return new ParamscopeError(`The name ${basename(path)} is too long`, "Choose a shorter one.", options);
    case "ELOOP":
      return new ParamscopeError(`${path} is a link that leads to itself`, "Name another file.", options);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new ParamscopeError(`${path} may not be written`, "Check its permissions, or name another file.", options);
    case "ENOSPC":
    case "EDQUOT":
      return new ParamscopeError(
        `The disk is full: ${path} was not written`,
        "Make room, or name another disk.",
        options,
      );
    default:
      return new ParamscopeError(`${path} cannot be written (${String(code ?? cause)})`, "Name another file.", options);
  }
}
