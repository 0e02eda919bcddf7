import type { Stats } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { ParamscopeError } from "../errors";
import { formatBytes } from "../numbers/bytes";
import { decodeText } from "./decode";
import { HEAD_BYTES, refuseLargeFile } from "./not-a-text";
import { LONGEST_TEXT } from "./text";

/** No text of at most as many characters as a run takes has more bytes. */
const largestFile = 4 * LONGEST_TEXT;

/**
 * The text of a file.
 * @throws ParamscopeError when it cannot be read or is not UTF-8 text.
 */
export async function readTextFile(path: string): Promise<string> {
  const status = await statusOf(path);
  if (status.isFile() && status.size > largestFile) {
    refuseLargeFile(path, await headOf(path));
    throw new ParamscopeError(`${path} is larger than ${formatBytes(largestFile)}`, "Take a part of it.");
  }
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  return decodeText(bytes, path);
}

/** The first bytes of a file that is not read as a whole. */
async function headOf(path: string): Promise<Buffer> {
  const file = await open(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * What the system knows of a file or folder.
 * @throws ParamscopeError when there is none.
 */
export async function statusOf(path: string): Promise<Stats> {
  return await stat(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
}

/** The error for a person, made of one that the system gave. */
export function readError(path: string, cause: unknown): ParamscopeError {
  if (path === "") return new ParamscopeError("A path is empty", "Is a variable of the shell not set?", { cause });
  if (isMissing(cause)) return new ParamscopeError(`${path} does not exist`, "Check the path.", { cause });
  if (isPermission(cause)) return new ParamscopeError(`${path} may not be read`, "Check its permissions.", { cause });
  const code = codeOf(cause);
  if (code === "EISDIR") return new ParamscopeError(`${path} is a folder, not a file`, "Name a file.", { cause });
  return new ParamscopeError(`${path} cannot be read (${code ?? String(cause)})`, "Check the file.", { cause });
}

function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "");
}

export function isPermission(error: unknown): boolean {
  return ["EACCES", "EPERM"].includes(codeOf(error) ?? "");
}

/** The system's name of an error, `ENOENT`. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
