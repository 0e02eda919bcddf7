import type { RangeFile } from "./range-file";

/**
 * Bytes that are expanded at a time. Small enough to be still in the cache when they are expanded, large enough that the
 * cost of a read call does not show.
 */
const CHUNK_BYTES = 512 * 1024;

/** Buffers that reads go through, kept for the next read. A checkpoint owns one pool; it holds a few of them at most. */
export class ChunkBuffers {
  readonly #free: Uint8Array[] = [];

  /** @param bytes At least this many; more than a chunk only where a single row is longer. */
  take(bytes: number): Uint8Array {
    if (bytes > CHUNK_BYTES) return new Uint8Array(bytes);
    return this.#free.pop() ?? new Uint8Array(CHUNK_BYTES);
  }

  give(buffer: Uint8Array): void {
    if (buffer.byteLength === CHUNK_BYTES && this.#free.length < 4) this.#free.push(buffer);
  }
}

/**
 * Reads `count` units of `unitBytes` bytes from `offset` on, as many whole units at a time as a chunk holds, and hands
 * them to `consume`; meanwhile the next chunk is being read.
 */
export async function forEachChunk(
  file: RangeFile,
  buffers: ChunkBuffers,
  offset: number,
  unitBytes: number,
  count: number,
  consume: (bytes: Uint8Array, firstUnit: number, units: number) => void,
): Promise<void> {
  const unitsAtATime = Math.max(1, Math.floor(CHUNK_BYTES / unitBytes));
  const bytesAtATime = unitsAtATime * unitBytes;
  let current = buffers.take(bytesAtATime);
  let next: Uint8Array | undefined;
  const fetch = (buffer: Uint8Array, first: number): Promise<void> => {
    const units = Math.min(unitsAtATime, count - first);
    return file.read(buffer.subarray(0, units * unitBytes), offset + first * unitBytes);
  };
  let pending: Promise<void> = Promise.resolve();
  try {
    if (count > 0) pending = fetch(current, 0);
    for (let first = 0; first < count; first += unitsAtATime) {
      await pending;
      if (first + unitsAtATime < count) {
        next ??= buffers.take(bytesAtATime);
        pending = fetch(next, first + unitsAtATime);
      }
      consume(current, first, Math.min(unitsAtATime, count - first));
      if (next) [current, next] = [next, current];
    }
  } finally {
    // The buffers may be given back only when nothing is being read into them any more.
    await pending.catch(() => undefined);
    buffers.give(current);
    if (next) buffers.give(next);
  }
}
