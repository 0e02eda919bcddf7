import { readlink, realpath, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ParamscopeError } from "../engine/errors";
import { writeWholeFile } from "../engine/whole-file";
import { standardOutput } from "./terminal/streams";

/** A pipe or a device: it takes the content as it comes, and is never replaced. */
export async function isSpecial(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && !status.isFile();
}

/** Links that lead to each other are followed so far. */
const MOST_LINKS = 40;

/** Where a file is, or will be: what links lead to, whether that is there or not. */
export async function placeOf(path: string, links = MOST_LINKS): Promise<string> {
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
    else await writeWholeFile(await placeOf(path), (file) => file.writeFile(content));
  } catch (cause) {
    throw cannotWrite(path, cause);
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

/** The system's error where a file could not be written, in words. */
export function cannotWrite(path: string, cause: unknown): ParamscopeError {
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
