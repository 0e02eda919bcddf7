import { constants } from "node:fs";
import { access, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ParamscopeError } from "../engine/errors";
import { standardOutput } from "./terminal/streams";

/**
 * Whether files can be written, before the work is done that would fill them; what no file is named for is passed over.
 * @throws ParamscopeError when one cannot.
 */
export async function checkWritable(...paths: readonly (string | undefined)[]): Promise<void> {
  for (const path of paths) if (path !== undefined) await checkOne(path);
}

async function checkOne(path: string): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory()) throw new ParamscopeError(`${path} is a folder`, "Name a file.");
  const isSpecial = status !== undefined && !status.isFile();
  const place = await realpath(path).catch(() => path);
  await access(isSpecial ? place : dirname(place), constants.W_OK).catch((cause: unknown) => {
    throw cannotWrite(path, cause);
  });
}

/**
 * Writes a file so that it is never half there: under another name first. A link stays one: what it leads to is written. So do a pipe
 * and a device, which a file must not replace: they take the content as it comes.
 * @throws ParamscopeError when it cannot be written: what was there is then as it was, and nothing else is left.
 */
export async function writeWhole(path: string, content: string): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  try {
    if (status !== undefined && !status.isFile()) await writeFile(path, content);
    else await replaceFile(status === undefined ? path : await realpath(path), content);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await writeFile(temporary, content);
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
  standardOutput.write(text);
  await standardOutput.flush();
}

function cannotWrite(path: string, cause: unknown): ParamscopeError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const options = { cause };
  switch (code) {
    case "ENOENT":
      return new ParamscopeError(`The folder of ${path} does not exist`, "Create it, or name another file.", options);
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
