import type * as FileSystem from "node:fs";
import { readFileSync } from "node:fs";
import type * as FileSystemPromises from "node:fs/promises";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { collectTexts } from "../../../src/engine/text/collect";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof FileSystem>();
  return { ...fs, readFileSync: vi.fn(fs.readFileSync) };
});
vi.mock("node:fs/promises", async (original) => {
  const fs = await original<typeof FileSystemPromises>();
  return { ...fs, readFile: vi.fn(fs.readFile) };
});

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("small files of a folder are read once each, at once and in the order of their paths; a large one with turns for others", async () => {
  const files = Array.from({ length: 300 }, (_, i) => join(folder, `${i % 7}`, `${String(i).padStart(3, "0")}.txt`));
  for (let i = 0; i < 7; i++) await mkdir(join(folder, `${i}`));
  for (const [i, file] of files.entries()) await writeFile(file, `text ${i}`);
  const large = join(folder, "large.txt");
  await writeFile(large, "x".repeat(2 ** 20 + 1));
  vi.mocked(readFileSync).mockClear();
  vi.mocked(readFile).mockClear();
  const { texts } = await collectTexts([{ kind: "path", path: folder }]);
  const read = vi.mocked(readFileSync).mock.calls.map(([path]) => path);
  expect(read).toEqual(files.toSorted());
  expect(vi.mocked(readFile).mock.calls.map(([path]) => path)).toEqual([large]);
  expect(texts.map(({ source }) => source)).toEqual([...files.toSorted(), large]);
  expect(texts[0].text).toBe("text 0");
});
