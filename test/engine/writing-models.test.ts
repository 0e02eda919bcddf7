import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import type * as promises from "node:fs/promises";
import { open, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PrunePhase, PruneRequest, QuantizeRequest, RunEvent, ShrinkRequest } from "../../src/engine/api";
import { openModel, type Model } from "../../src/engine/model/model";
import { prune } from "../../src/engine/prune/prune";
import { quantize } from "../../src/engine/quantize/quantize";
import { shrink } from "../../src/engine/shrink/shrink";
import { pruneRequestOf } from "./support/prune-reference";
import { fixturePath } from "./support/reference";
import { resultOf } from "./support/reference-values";
import { sampleOf, setOf } from "./support/samples";
import { shrinkIds, shrinkRequestOf } from "./support/shrinking";

/** What cannot be written whole leaves nothing: of all commands that write models. */

const disk = vi.hoisted(() => ({ free: undefined as number | undefined }));
vi.mock("node:fs/promises", async (original) => {
  const own = await original<typeof promises>();
  const statfs = async (path: string) =>
    disk.free === undefined ? await own.statfs(path) : { bavail: disk.free, bsize: 1 };
  return { ...own, statfs };
});

let folder = "";
let model: Model;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "paramscope-writing-"));
  model = await openModel(fixturePath("llama"));
});

afterEach(async () => {
  disk.free = undefined;
  vi.restoreAllMocks();
  await model.close();
  rmSync(folder, { recursive: true });
});

const exportTo = () => ({ folder: join(folder, "less"), force: false });
const file = () => ({ file: join(folder, "less.gguf"), force: false });

const shrinking = (more: Partial<ShrinkRequest>) => shrink(shrinkRequestOf(model, "layers", { by: "last", ...more }));

const pruning = (more: Partial<PruneRequest>) => prune(pruneRequestOf(model, { criterion: "magnitude", ...more }));

function quantizing(more: Partial<QuantizeRequest>) {
  return quantize({
    model,
    threads: 1,
    set: setOf([sampleOf(shrinkIds)]),
    by: "sensitivity",
    size: { kind: "bits", bits: 6 },
    ...more,
  });
}

/** Every command that writes a model, and every form in which it does. */
const writings: [string, (signal?: AbortSignal) => AsyncGenerator<RunEvent<unknown, PrunePhase>>][] = [
  ["a shrunk model's folder", (signal) => shrinking({ exportTo: exportTo(), ...(signal && { signal }) })],
  ["a shrunk model's GGUF file", (signal) => shrinking({ ggufTo: file(), ...(signal && { signal }) })],
  ["a pruned model's folder", (signal) => pruning({ exportTo: exportTo(), ...(signal && { signal }) })],
  ["a quantised model's GGUF file", (signal) => quantizing({ exportTo: file(), ...(signal && { signal }) })],
];

/** Has every file that is opened from now on take so many pieces, and calls what happens then. */
async function atPiece(piece: number, happens: () => Promise<void>): Promise<void> {
  const handle = await open(fileURLToPath(import.meta.url));
  const handles = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const write = Reflect.get(handles, "writeFile") as (...given: unknown[]) => Promise<void>;
  let written = 0;
  vi.spyOn(handles, "writeFile").mockImplementation(async function (this: FileHandle, ...given: unknown[]) {
    if (++written === piece) await happens();
    await write.apply(this, given);
  });
}

describe.each(writings)("%s", (_, write) => {
  test.each([1, 3, 9])("stopped at piece %i", async (piece) => {
    const controller = new AbortController();
    await atPiece(piece, () => Promise.resolve(controller.abort(new Error("stopped"))));
    await expect(resultOf(write(controller.signal))).rejects.toThrow("stopped");
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([1, 3, 9])("on a disk that is full at piece %i", async (piece) => {
    await atPiece(piece, () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })));
    await expect(resultOf(write())).rejects.toMatchObject({
      message: expect.stringMatching(/^The disk is full: \S+ was not written\.$/) as string,
      remedy: "Make room, or name another disk.",
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("without room is refused before anything is computed", async () => {
    disk.free = 1000;
    await expect(write().next()).rejects.toThrow(/less\S* needs room for \S+ \wB, and the disk has \S+ \S+ free\.$/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("a folder and a GGUF file need room together", async () => {
  disk.free = 2 ** 40;
  const both = { exportTo: exportTo(), ggufTo: file() };
  const { document } = await resultOf(shrinking(both));
  rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "paramscope-writing-"));
  const [one = 0, other = 0] = document.files.map(({ bytes }) => bytes);
  disk.free = Math.max(one, other) + 1000;
  await expect(shrinking({ exportTo: exportTo(), ggufTo: file() }).next()).rejects.toThrow(
    /less and \S+less\.gguf need room for/,
  );
});
