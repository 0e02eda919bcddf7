import { writeSync } from "node:fs";
import { getSystemErrorMap } from "node:util";
import { ParamscopeError } from "../../engine/errors";
import { isFile, outputStream, type ProcessStream } from "./descriptors";
import { harmless } from "./harmless";

/** Where text goes: a terminal, a file or another program. */
export interface TextOutput {
  readonly isTTY: boolean;
  /** The width of a terminal in characters; some say 0 where they do not know. */
  readonly columns: number;
  hasColors(): boolean;
  /** Writes a text of any origin: what would be a command to a terminal is written out. */
  write(text: string): void;
  /** Writes what is a command to a terminal, and is ours. */
  command(sequence: string): void;
}

/**
 * One of the process's own streams. Node.js writes files by `SyncWriteStream`, which takes a write that was cut short for a whole
 * one, as the last one before a disk is full is: a document then ends in its midst, and nobody is told. So files are written here.
 */
abstract class StandardStream implements TextOutput {
  readonly #isFile: boolean;

  /** @param stream of a standard stream; its errors are taken from now on. */
  constructor(protected readonly stream: ProcessStream) {
    this.#isFile = isFile(stream.fd);
    stream.on("error", (error) => {
      this.fail(error);
    });
  }

  get isTTY(): boolean {
    return this.stream.isTTY;
  }

  get columns(): number {
    return this.stream.columns;
  }

  hasColors(): boolean {
    return this.stream.hasColors();
  }

  /**
   * Files have the text when this returns; a pipe or a terminal takes it when it can.
   * @param isForPeople false: a document, which stays the same one on a terminal too.
   */
  write(text: string, isForPeople = true): void {
    this.command(harmless(text, isForPeople && this.isTTY));
  }

  command(sequence: string): void {
    if (!this.#isFile) {
      this.stream.write(sequence);
      return;
    }
    try {
      writeWholly(this.stream.fd, Buffer.from(sequence));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Settles when all that was written has been taken, or never will be. */
  async flush(): Promise<void> {
    if (this.#isFile) return;
    await new Promise<void>((resolve) =>
      this.stream.write("", (error) => {
        if (error) this.fail(error);
        resolve();
      }),
    );
  }

  protected abstract fail(error: unknown): void;
}

/** The program that reads has ended, as `head` does: no failure, and nothing more is written. */
export class ReaderGone extends Error {}

/** Why nothing more can be written to standard output. */
type End = ParamscopeError | ReaderGone;

/** Standard output: what a command was asked for. Where it cannot be written the command has failed. */
export class StandardOutput extends StandardStream {
  #end: End | undefined;
  #ended: (end: End) => void = () => undefined;

  /** Calls `ended`, once, as soon as it is known that nothing more can be written. */
  whenEnded(ended: (end: End) => void): void {
    this.#ended = ended;
  }

  /** @throws ParamscopeError where it cannot be written: of files and devices at once, of pipes and terminals from the next time on. */
  override write(text: string, isForPeople = true): void {
    if (this.#end === undefined) super.write(text, isForPeople);
    this.#check();
  }

  /** @throws ParamscopeError where something that was written did not arrive. */
  override async flush(): Promise<void> {
    if (this.#end === undefined) await super.flush();
    this.#check();
  }

  #check(): void {
    if (this.#end instanceof ParamscopeError) throw this.#end;
  }

  protected override fail(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = codeOf(error) === "EPIPE" ? new ReaderGone("the reader has gone") : cannotWrite(error);
    this.#ended(this.#end);
  }
}

/** Standard error: notes, progress and failures. Where it cannot be written there is nobody to be told, and a run goes on. */
export class StandardError extends StandardStream {
  #lost = false;

  override write(text: string, isForPeople = true): void {
    if (!this.#lost) super.write(text, isForPeople);
  }

  override async flush(): Promise<void> {
    if (!this.#lost) await super.flush();
  }

  protected override fail(): void {
    this.#lost = true;
  }
}

/** The two of this process, and all that any command writes to: `eslint.config.mjs` holds that. */
export const standardOutput = new StandardOutput(outputStream(1));
export const standardError = new StandardError(outputStream(2));

/** @throws the system's error where not all of it can be written. */
function writeWholly(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function cannotWrite(cause: unknown): ParamscopeError {
  const remedy = ["ENOSPC", "EDQUOT"].includes(codeOf(cause) ?? "")
    ? "Make room, or name another file."
    : "Send it to another file or program.";
  return new ParamscopeError(`Standard output cannot be written (${reasonOf(cause)})`, remedy, { cause });
}

/** The system's words, without what of this program it was busy with. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = "errno" in error && typeof error.errno === "number" ? getSystemErrorMap().get(error.errno) : undefined;
  return known === undefined ? error.message : known[1];
}
