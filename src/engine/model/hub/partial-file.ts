import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { shortName } from "../../leftovers";
import type { RemoteFile } from "./client";
import { writeError } from "./errors";

const bufferSize = 1 << 20;

/** A file that is being downloaded: `NAME.partial`, or what is short for that name, until it is whole, with the checksum of what it holds. */
export class PartialFile {
  #hash: Hash;
  readonly #path: string;
  readonly #file: RemoteFile;
  readonly #handle: FileHandle;
  /** Bytes that it holds. */
  #bytes: number;

  private constructor(path: string, file: RemoteFile, handle: FileHandle, bytes: number) {
    this.#path = path;
    this.#file = file;
    this.#handle = handle;
    this.#bytes = bytes;
    this.#hash = hashOf(file);
  }

  /**
   * Opens what an earlier download left of `file` at `path`, or begins it.
   * @throws ParamscopeError when it cannot be written.
   */
  static async open(path: string, file: RemoteFile): Promise<PartialFile> {
    const partial = partialPath(path);
    try {
      // One that is whole is checked like any other: the repository may have changed meanwhile.
      await rename(path, partial).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      });
      const handle = await open(partial, constants.O_RDWR | constants.O_CREAT);
      const { size } = await handle.stat();
      const opened = new PartialFile(path, file, handle, size);
      if (size > file.size) await opened.restart();
      return opened;
    } catch (error) {
      throw writeError(partial, error);
    }
  }

  get length(): number {
    return this.#bytes;
  }

  /** Reads what is there, for the checksum. To be called once, before anything is appended. */
  async check(signal: AbortSignal, onBytes: (count: number) => void): Promise<void> {
    const buffer = Buffer.allocUnsafe(bufferSize);
    for (let at = 0; at < this.#bytes;) {
      signal.throwIfAborted();
      const { bytesRead } = await this.#written(() => this.#handle.read(buffer, 0, bufferSize, at));
      if (bytesRead === 0) break;
      this.#hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
      onBytes(bytesRead);
    }
  }

  async append(chunk: Uint8Array): Promise<void> {
    for (let done = 0; done < chunk.length;) {
      const rest = chunk.subarray(done);
      const { bytesWritten } = await this.#written(() => this.#handle.write(rest, 0, rest.length, this.#bytes));
      this.#hash.update(rest.subarray(0, bytesWritten));
      this.#bytes += bytesWritten;
      done += bytesWritten;
    }
  }

  /** Forgets what is there. */
  async restart(): Promise<void> {
    await this.#written(() => this.#handle.truncate(0));
    this.#bytes = 0;
    this.#hash = hashOf(this.#file);
  }

  /** Whether the contents are those that the repository promises. */
  isGenuine(): boolean {
    return this.#file.digest === undefined || this.#hash.copy().digest("hex") === this.#file.digest.hex;
  }

  /** Gives the file its name. */
  async finish(): Promise<void> {
    await this.#written(async () => {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(partialPath(this.#path), this.#path);
    });
  }

  /** Leaves it for a later download. May be called after `finish`. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #written<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw writeError(partialPath(this.#path), error);
    }
  }
}

/** How many bytes of a file an earlier download left. */
export async function bytesKept(path: string): Promise<number> {
  for (const candidate of [path, partialPath(path)]) {
    const status = await stat(candidate).catch(() => undefined);
    if (status !== undefined) return status.size;
  }
  return 0;
}

function partialPath(path: string): string {
  return join(dirname(path), `${shortName(basename(path))}.partial`);
}

/** git's checksum of a file is SHA-1 of its kind, its size and its contents. */
function hashOf({ digest, size }: RemoteFile): Hash {
  return digest?.kind === "git" ? createHash("sha1").update(`blob ${size}\0`) : createHash("sha256");
}
