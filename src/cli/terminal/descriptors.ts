import { type BigIntStats, createReadStream, createWriteStream, fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import tty from "node:tty";
import { isMainThread } from "node:worker_threads";

/*
 * The process's own streams, in a thread too: Node.js gives those of the process to its main thread, and to others something that
 * main thread has to pass on. What is opened here is what Node.js opens itself for each kind of descriptor.
 */

/** A stream of the process, with the number that the system has for it. */
export type ProcessStream = NodeJS.WriteStream & { readonly fd: number };

/** Standard output, or standard error. */
export function outputStream(fd: 1 | 2): ProcessStream {
  if (isMainThread) return fd === 1 ? process.stdout : process.stderr;
  if (tty.isatty(fd)) return new tty.WriteStream(fd) as ProcessStream;
  const stream = isFile(fd)
    ? createWriteStream("", { fd, autoClose: false })
    : new Socket({ fd, readable: false, writable: true });
  return Object.assign(stream as unknown as ProcessStream, { fd });
}

/** Standard input. */
export function inputStream(): Readable {
  if (tty.isatty(0)) return new tty.ReadStream(0);
  return isFile(0)
    ? createReadStream("", { fd: 0, autoClose: false })
    : new Socket({ fd: 0, readable: true, writable: false });
}

export function inputIsTerminal(): boolean {
  return tty.isatty(0);
}

/** What tells a regular file or a pipe from all others, whatever its name; undefined of a device, which may be written to from many sides. */
export function identityOf(status: BigIntStats): string | undefined {
  return status.isFile() || status.isFIFO() || status.isSocket() ? `${status.dev}:${status.ino}` : undefined;
}

/** What tells the file that a stream goes to from all others; undefined where it goes to none. */
export function fileOf(fd: number): string | undefined {
  try {
    return identityOf(fstatSync(fd, { bigint: true }));
  } catch {
    return undefined;
  }
}

/** The same where a stream goes to, or comes from, a regular file. */
export function regularFileOf(fd: number): string | undefined {
  try {
    const status = fstatSync(fd, { bigint: true });
    return status.isFile() ? identityOf(status) : undefined;
  } catch {
    return undefined;
  }
}

/** Files, and devices that are no terminal: what Node.js has no stream of libuv for. */
export function isFile(fd: number): boolean {
  if (tty.isatty(fd)) return false;
  try {
    const status = fstatSync(fd);
    return status.isFile() || status.isCharacterDevice() || status.isBlockDevice();
  } catch {
    return false;
  }
}
