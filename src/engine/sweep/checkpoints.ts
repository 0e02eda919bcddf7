import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ParamscopeError, type SettingName } from "../errors";
import { elementAt } from "../numbers/elements";

/** The inputs of every block, kept from the forward pass for the backward one, which asks once for each. */
export interface CheckpointStore {
  /** Copies the array. */
  put(layer: number, batch: number, hidden: Float32Array): Promise<void>;
  /** The array is the caller's until the next `get`. */
  get(layer: number, batch: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Numbers of a large array, 256 MiB: with an array for each of hundreds of batches the collector of garbage is called for most of them. */
const LARGE = 2 ** 26;

/** Checkpoints in memory: in a few large arrays, made at once, so that they do not lie scattered among what is freed. */
export class MemoryCheckpoints implements CheckpointStore {
  /** Per batch all its checkpoints, and the length of one. */
  readonly #batches: { readonly all: Float32Array; readonly length: number }[];

  /** @param lengths what a checkpoint of each batch takes, in numbers. */
  constructor(layers: number, lengths: readonly number[], large = LARGE) {
    let left = lengths.reduce((sum, length) => sum + layers * length, 0);
    let free = new Float32Array();
    this.#batches = lengths.map((length) => {
      const size = layers * length;
      if (free.length < size) free = new Float32Array(Math.max(size, Math.min(left, large)));
      const all = free.subarray(0, size);
      free = free.subarray(size);
      left -= size;
      return { all, length };
    });
  }

  put(layer: number, batch: number, hidden: Float32Array): Promise<void> {
    this.#slot(layer, batch).set(hidden);
    return Promise.resolve();
  }

  get(layer: number, batch: number): Promise<Float32Array> {
    return Promise.resolve(this.#slot(layer, batch));
  }

  #slot(layer: number, batch: number): Float32Array {
    const { all, length } = elementAt(this.#batches, batch);
    const slot = all.subarray(layer * length, (layer + 1) * length);
    if (slot.length !== length) throw new Error(`no checkpoint of layer ${layer}, batch ${batch}`);
    return slot;
  }

  dispose(): Promise<void> {
    this.#batches.length = 0;
    return Promise.resolve();
  }
}

/** What to say of a disk that is full. */
interface Storing {
  /** `its intermediate states there, …` */
  readonly what: string;
  readonly remedy: string;
  readonly settings?: readonly SettingName[];
}

const intermediateStates: Storing = {
  what: "its intermediate states there to stay within its memory",
  remedy: "Free some space, point TMPDIR to another disk, or allow more memory.",
  settings: ["memory"],
};

/**
 * Checkpoints in a temporary file. Where the system allows it the file's name is removed as soon as it is open, so that
 * not even a killed process leaves anything behind.
 */
export class FileCheckpoints implements CheckpointStore {
  readonly #places = new Map<string, { readonly at: number; readonly length: number }>();
  readonly #file: FileHandle;
  readonly #folder: string;
  readonly #storing: Storing;
  #end = 0;
  #buffer = new Float32Array(0);

  private constructor(file: FileHandle, folder: string, storing: Storing) {
    this.#file = file;
    this.#folder = folder;
    this.#storing = storing;
  }

  static async create(storing = intermediateStates): Promise<FileCheckpoints> {
    const folder = await mkdtemp(join(tmpdir(), "paramscope-"));
    try {
      const file = await open(join(folder, "checkpoints"), "wx+");
      if (process.platform !== "win32") await rm(folder, { recursive: true });
      return new FileCheckpoints(file, folder, storing);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async put(layer: number, batch: number, hidden: Float32Array): Promise<void> {
    const place = this.#end;
    const bytes = bytesOf(hidden);
    this.#end += bytes.length;
    try {
      for (let done = 0; done < bytes.length;)
        done += (await this.#file.write(bytes, done, bytes.length - done, place + done)).bytesWritten;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOSPC") throw cause;
      throw new ParamscopeError(
        `The disk that holds ${tmpdir()} is full: the run keeps ${this.#storing.what}.`,
        this.#storing.remedy,
        { cause, settings: this.#storing.settings },
      );
    }
    this.#places.set(`${layer}/${batch}`, { at: place, length: hidden.length });
  }

  async get(layer: number, batch: number): Promise<Float32Array> {
    const place = this.#places.get(`${layer}/${batch}`);
    if (place === undefined) throw new Error(`no checkpoint of layer ${layer}, batch ${batch}`);
    if (this.#buffer.length < place.length) this.#buffer = new Float32Array(place.length);
    const hidden = this.#buffer.subarray(0, place.length);
    const bytes = bytesOf(hidden);
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await this.#file.read(bytes, done, bytes.length - done, place.at + done);
      if (bytesRead === 0) throw new Error("the checkpoint file ended early");
      done += bytesRead;
    }
    return hidden;
  }

  async dispose(): Promise<void> {
    await this.#file.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function bytesOf(array: Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
