import { readSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { ParamscopeError } from "../../errors";

/** A file that is read by ranges, at offsets that its own header gave. */
export class RangeFile {
  private constructor(
    readonly path: string,
    /** In bytes, when it was opened. */
    readonly size: number,
    private readonly handle: FileHandle,
  ) {}

  /** @throws ParamscopeError when there is no such file, it may not be read, or it is not a regular file. */
  static async open(path: string): Promise<RangeFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, "r");
      const stat = await handle.stat();
      if (!stat.isFile()) throw new ParamscopeError(`${path} is not a file.`, "Name a model folder or a .gguf file.");
      return new RangeFile(path, stat.size, handle);
    } catch (error) {
      await handle?.close();
      throw readError(path, error);
    }
  }

  /** Fills `into` with the bytes at `offset`. @throws ParamscopeError when the file ends before that. */
  async read(into: Uint8Array, offset: number): Promise<void> {
    let done = 0;
    while (done < into.byteLength) {
      let bytesRead: number;
      try {
        ({ bytesRead } = await this.handle.read(into, done, into.byteLength - done, offset + done));
      } catch (error) {
        throw readError(this.path, error);
      }
      if (bytesRead === 0) throw endsEarly(this.path, offset + into.byteLength);
      done += bytesRead;
    }
  }

  /**
   * The same, at once. For headers: a parser that has to wait for every few bytes of a 262,144-token vocabulary takes
   * seconds, and all of a header is a few megabytes.
   */
  readNow(into: Uint8Array, offset: number): void {
    let done = 0;
    while (done < into.byteLength) {
      let bytesRead: number;
      try {
        bytesRead = readSync(this.handle.fd, into, done, into.byteLength - done, offset + done);
      } catch (error) {
        throw readError(this.path, error);
      }
      if (bytesRead === 0) throw endsEarly(this.path, offset + into.byteLength);
      done += bytesRead;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

function endsEarly(path: string, wanted: number): ParamscopeError {
  return new ParamscopeError(
    `${path} is cut off: it should have at least ${wanted.toLocaleString("en-US")} bytes.`,
    "Download the file again.",
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
