import { fstatSync, readSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { ParamscopeError } from "../../errors";

/** Pointers are smaller than this (git-lfs, docs/spec.md). */
const LFS_POINTER_BYTES = 1024;

/** So few bytes, such as a row of a table, are read without giving others a turn, which takes twenty times as long. */
const SMALL_READ_BYTES = 64 * 1024;

/** A file that is read by ranges, at offsets that its own header gave. */
export class RangeFile {
  readonly #handle: FileHandle;
  /** When the file was last written to, and whether a folder has it: then it can be taken out of it. */
  readonly #opened: { readonly mtimeNs: bigint; readonly isLinked: boolean };

  private constructor(
    readonly path: string,
    /** The size in bytes, when it was opened. */
    readonly size: number,
    handle: FileHandle,
    opened: { readonly mtimeNs: bigint; readonly isLinked: boolean },
  ) {
    this.#handle = handle;
    this.#opened = opened;
  }

  /** @throws ParamscopeError when there is no such file, it may not be read, or it is not a regular file. */
  static async open(path: string): Promise<RangeFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, "r");
      const stat = await handle.stat({ bigint: true });
      if (!stat.isFile()) throw new ParamscopeError(`${path} is not a file.`, "Name a model folder or a .gguf file.");
      const opened = { mtimeNs: stat.mtimeNs, isLinked: stat.nlink > 0n };
      const file = new RangeFile(path, Number(stat.size), handle, opened);
      if (file.size <= LFS_POINTER_BYTES) {
        const text = Buffer.alloc(file.size);
        await file.read(text, 0);
        if (isLfsPointer(text.toString("latin1"))) throw lfsPointer(path);
      }
      return file;
    } catch (error) {
      await handle?.close();
      throw readError(path, error);
    }
  }

  /**
   * Fills `into` with the bytes at `offset`.
   * @throws ParamscopeError when the file ends before that, or is no longer as it was when it was opened.
   */
  async read(into: Uint8Array, offset: number): Promise<void> {
    if (into.byteLength <= SMALL_READ_BYTES) {
      this.readNow(into, offset);
      this.assertUnchanged();
      return;
    }
    let done = 0;
    while (done < into.byteLength) {
      let bytesRead: number;
      try {
        ({ bytesRead } = await this.#handle.read(into, done, into.byteLength - done, offset + done));
      } catch (error) {
        throw readError(this.path, error);
      }
      if (bytesRead === 0) throw this.#endsEarly(offset + into.byteLength);
      done += bytesRead;
    }
    this.assertUnchanged();
  }

  /**
   * The same, at once, and without a look at whether the file has changed. For headers: a parser that has to wait for every few bytes of a 262,144-token vocabulary takes
   * seconds, and all of a header is a few megabytes.
   */
  readNow(into: Uint8Array, offset: number): void {
    let done = 0;
    while (done < into.byteLength) {
      let bytesRead: number;
      try {
        bytesRead = readSync(this.#handle.fd, into, done, into.byteLength - done, offset + done);
      } catch (error) {
        throw readError(this.path, error);
      }
      if (bytesRead === 0) throw this.#endsEarly(offset + into.byteLength);
      done += bytesRead;
    }
  }

  /**
   * What was read is of one and the same file only if this holds afterwards: nobody has written to it since it was opened, put another
   * one in its place, or deleted it.
   * @throws ParamscopeError otherwise
   */
  assertUnchanged(): void {
    const { size, mtimeNs, nlink } = fstatSync(this.#handle.fd, { bigint: true });
    const isGone = this.#opened.isLinked && nlink === 0n;
    if (!isGone && Number(size) === this.size && mtimeNs === this.#opened.mtimeNs) return;
    throw new ParamscopeError(
      isGone
        ? `${this.path} was replaced or deleted while it was being read.`
        : `${this.path} changed while it was being read.`,
      "Run it again once the model's files are as they shall be.",
    );
  }

  #endsEarly(wanted: number): ParamscopeError {
    this.assertUnchanged();
    return new ParamscopeError(
      `${this.path} is cut off: it should have at least ${wanted.toLocaleString("en-US")} bytes.`,
      "Download the file again.",
    );
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Whether this is what Git has in the place of a file that Git LFS keeps. */
export function isLfsPointer(text: string): boolean {
  return text.startsWith("version https://git-lfs.github.com/spec/");
}

export function lfsPointer(path: string): ParamscopeError {
  return new ParamscopeError(
    `${path} is a Git LFS pointer: Git has the file's name and checksum, and has not fetched what is in it.`,
    "Run `git lfs install` and `git lfs pull` in the folder, or download the file by itself.",
  );
}

/** What the operating system said about a path, in words for the person who named it. */
export function readError(path: string, error: unknown): ParamscopeError {
  if (error instanceof ParamscopeError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  const options = { cause: error };
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new ParamscopeError(`${path} does not exist.`, "Check the path.", options);
    case "EACCES":
    case "EPERM":
      return new ParamscopeError(
        `${path} may not be read: permission denied.`,
        "Allow reading it (chmod u+r).",
        options,
      );
    case "EISDIR":
      return new ParamscopeError(`${path} is a folder.`, "Name a model folder or a .gguf file.", options);
    case "EMFILE":
    case "ENFILE":
      return new ParamscopeError(`${path} cannot be opened: too many open files.`, "Raise `ulimit -n`.", options);
    default:
      return new ParamscopeError(
        `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
        "Check the disk, or copy the file to another one.",
        options,
      );
  }
}
