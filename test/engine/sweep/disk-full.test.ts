import { open, type FileHandle } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FileCheckpoints } from "../../../src/engine/sweep/checkpoints";
import { openModel } from "../../../src/engine/model/model";
import { failureOf } from "../support/errors";
import { fixturePath, fixtureReference } from "../support/reference";
import { samplesOf } from "../support/samples";
import { swept } from "../support/sweeping";
import { TemporaryFolder } from "../support/temporary-folder";

let temporary: TemporaryFolder;
let handles: FileHandle;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  const handle = await open(fileURLToPath(import.meta.url));
  handles = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
});

afterEach(() => {
  vi.restoreAllMocks();
  temporary.remove();
});

/** Lets some writes of any file through, then says what the system says of a full disk. Tells which files were written. */
function fillDisk(after: number): FileHandle[] {
  const write = Reflect.get(handles, "write") as (...given: unknown[]) => Promise<never>;
  const written: FileHandle[] = [];
  vi.spyOn(handles, "write").mockImplementation(function (this: FileHandle, ...given: unknown[]) {
    written.push(this);
    if (written.length <= after) return write.apply(this, given);
    return Promise.reject(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }));
  });
  return written;
}

describe("a disk that is full while checkpoints are written", () => {
  test.each([0, 3])("ends the sweep with its cause and remedy after %i blocks, and leaves nothing", async (blocks) => {
    const model = await openModel(fixturePath("llama"));
    const written = fillDisk(blocks);
    const samples = samplesOf(fixtureReference("llama"), model);
    expect(await failureOf(() => swept({ model, samples, spill: true }))).toBe(
      `The disk that holds ${temporary.path} is full: the run keeps its intermediate states there to stay within its memory. ` +
        "Free some space, point TMPDIR to another disk, or allow more memory.",
    );
    expect(written).toHaveLength(blocks + 1);
    // closed
    expect(written[0].fd).toBe(-1);
    expect(temporary.entries).toEqual([]);
    await model.close();
  });
});

describe("checkpoints in a file", () => {
  test("come back as they were put", async () => {
    const store = await FileCheckpoints.create();
    const [a, b] = [Float32Array.of(1, 2, 3), Float32Array.of(4, 5)];
    await store.put(0, 0, a);
    await store.put(0, 1, b);
    await store.put(1, 0, b);
    expect([...(await store.get(0, 0))]).toEqual([1, 2, 3]);
    expect([...(await store.get(1, 0))]).toEqual([4, 5]);
    await expect(store.get(2, 0)).rejects.toThrow("no checkpoint of layer 2, batch 0");
    await store.dispose();
    expect(temporary.entries).toEqual([]);
  });
});
