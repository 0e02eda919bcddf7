import { readFile, stat } from "node:fs/promises";
import { ParamscopeError } from "../errors";
import { decodeText } from "./decode";

export { stat };

/** A JavaScript string holds about 512 MiB; no text of a sensible run comes near. */
const largestText = 256 * 2 ** 20;

/** @throws ParamscopeError when the file cannot be read or is not UTF-8 text. */
export async function readTextFile(path: string): Promise<string> {
  const status = await stat(path);
  if (status.isFile() && status.size > largestText) {
    throw new ParamscopeError(`${path} is larger than 256 MiB`, "Take a part of it.");
  }
  const bytes = await readFile(path).catch((cause: unknown) => {
    if (isMissing(cause)) throw new ParamscopeError(`${path} does not exist`, "Check the path.", { cause });
    if (isPermission(cause)) throw new ParamscopeError(`${path} may not be read`, "Check its permissions.", { cause });
    throw new ParamscopeError(`${path} cannot be read (${codeOf(cause) ?? String(cause)})`, "Check the file.", {
      cause,
    });
  });
  return decodeText(bytes, path);
}

export function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "");
}

export function isPermission(error: unknown): boolean {
  return ["EACCES", "EPERM"].includes(codeOf(error) ?? "");
}

/** The system's name of an error, `ENOENT`. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
