import { isAscii } from "node:buffer";
import { createHash } from "node:crypto";
import { closeSync, constants as fileModes, fstatSync, openSync, readFileSync, type Stats, statSync } from "node:fs";
import { chmod, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { cachedDataVersionTag, setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { cacheFolder } from "./engine/user-folders";
import { makeFolder } from "./engine/make-folder";

/** So many compiled programs are kept, those that were written last: of a few versions of Node.js, or of Paramscope. */
const MOST = 6;
const DIGEST_BYTES = 32;

/** A program that was loaded. */
export interface LoadedProgram {
  readonly exports: unknown;
  /** Keeps what V8 compiled of it, for the next time; to be called where most of it has run, as functions are compiled when they are called first. */
  keep(): Promise<void>;
}

/**
 * Loads a built program as `require` does, with what V8 compiled of it before: to read and compile one of a megabyte takes a sixth of a short run.
 * What is kept is found again by all of the source and by V8's version and flags. It is code, and so taken only where nobody else could have written
 * it and all of it is as it was written. Nothing that goes wrong with it is an error.
 * @param path of a CommonJS file.
 */
export function loadProgram(path: string): LoadedProgram {
  // What ran once, as all that loads a module does, is else forgotten by the time that it is to be kept. Data are only taken under the flags that they were made under.
  setFlagsFromString("--no-flush-bytecode");
  const bytes = readFileSync(path);
  const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 24)}-${cachedDataVersionTag().toString(16)}`;
  // what a build writes is ASCII (test/scoring/bundles.test.ts), which needs no decoding
  const source = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
  const file = join(cacheFolder(), "compiled", name);
  const cachedData = readKept(file);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: path,
    cachedData,
  });
  const program = script.runInThisContext() as (...scope: readonly unknown[]) => void;
  const module = { exports: {} };
  program(module.exports, createRequire(path), module, path, dirname(path));
  return {
    exports: module.exports,
    keep: async () => {
      if (!cachedData || script.cachedDataRejected) await write(file, script.createCachedData());
    },
  };
}

function readKept(path: string): Buffer | undefined {
  try {
    if (!isOurs(statSync(dirname(path)))) return undefined;
    // a pipe would wait for somebody to write
    const file = openSync(path, fileModes.O_RDONLY | (fileModes.O_NONBLOCK ?? 0));
    try {
      const status = fstatSync(file);
      if (!status.isFile() || !isOurs(status)) return undefined;
      const all = readFileSync(file);
      const data = all.subarray(DIGEST_BYTES);
      return digestOf(path, data).equals(all.subarray(0, DIGEST_BYTES)) ? data : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** The user's own, and nobody else may write it. Windows has no such ids: a user's folder is nobody else's there. */
function isOurs({ uid, mode }: Stats): boolean {
  return !process.getuid || (uid === process.getuid() && (mode & 0o022) === 0);
}

async function write(path: string, data: Buffer): Promise<void> {
  const folder = dirname(path);
  const written = `${path}.${process.pid}`;
  try {
    await makeFolder(folder);
    await chmod(folder, 0o700);
    await writeFile(written, Buffer.concat([digestOf(path, data), data]), { mode: 0o600 });
    await rename(written, path);
    const files = (await readdir(folder)).map((name) => join(folder, name));
    const times = await Promise.all(files.map(async (file) => ({ file, time: (await stat(file)).mtimeMs })));
    times.sort((a, b) => b.time - a.time);
    for (const { file } of times.slice(MOST)) await rm(file, { force: true });
  } catch {
    // what cannot be kept is compiled again
    await rm(written, { force: true }).catch(() => undefined);
  }
}

/** Of the data and of what they are of. */
const digestOf = (path: string, data: Buffer): Buffer =>
  createHash("sha256").update(basename(path)).update(data).digest();
