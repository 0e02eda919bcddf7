import { createReadStream, readFileSync, type Stats, statSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { ParamscopeError } from "../errors";
import { formatBytes } from "../numbers/bytes";
import { decodeText } from "./decode";
import { HEAD_BYTES, refuseLargeFile } from "./not-a-text";
import { LARGEST_FILE } from "./text";

/** A file of no more bytes is read without giving others a turn, which takes twenty times as long: folders have thousands of them. */
const SMALL_FILE = 2 ** 20;

/**
 * The text of a file, or of what a pipe or a device gives.
 * @throws ParamscopeError when it cannot be read or is not UTF-8 text.
 */
export async function readTextFile(path: string): Promise<string> {
  const status = statusOf(path);
  if (status.isFile() && status.size > LARGEST_FILE) {
    refuseLargeFile(path, await headOf(path));
    throw new ParamscopeError(`${path} is larger than ${formatBytes(LARGEST_FILE)}`, "Take a part of it.");
  }
  if (!status.isFile() && !status.isDirectory())
    return decodeText(await readStream(createReadStream(path), path), path);
  return decodeText(await bytesOf(path, status.size), path);
}

/**
 * All that a pipe or a device gives, which may have no end.
 * @throws ParamscopeError when it cannot be read, or gives more than a text may have.
 */
export async function readStream(stream: AsyncIterable<unknown>, source: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > LARGEST_FILE)
        throw new ParamscopeError(`${source} gives more than ${formatBytes(LARGEST_FILE)}`, "Take a part of it.");
    }
  } catch (cause) {
    throw cause instanceof ParamscopeError ? cause : readError(source, cause);
  }
  return Buffer.concat(chunks);
}

async function bytesOf(path: string, size: number): Promise<Buffer> {
  try {
    return size <= SMALL_FILE ? readFileSync(path) : await readFile(path);
  } catch (cause) {
    throw readError(path, cause);
  }
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
export function statusOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw readError(path, cause);
  }
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
