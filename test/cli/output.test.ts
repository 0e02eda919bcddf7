import { execFileSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkWritable, writeWhole } from "../../src/cli/output";
import { failureOf } from "../engine/support/errors";

const unix = process.platform !== "win32";
const root = process.platform === "linux" && process.getuid?.() === 0;

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(path: string, content: string): Promise<void> {
  await checkWritable(path);
  await writeWhole(path, content);
}

describe("a file that is written", () => {
  test("takes the place of an earlier one, and nothing stays beside it", async () => {
    const file = join(folder, "result");
    await writeFile(file, "earlier");
    await write(file, "later");
    expect(await readFile(file, "utf8")).toBe("later");
    expect(await readdir(folder)).toEqual(["result"]);
  });

  test.runIf(unix)("stays a link where it is one", async () => {
    const [file, link] = [join(folder, "result"), join(folder, "link")];
    await writeFile(file, "earlier");
    await symlink("result", link);
    await write(link, "later");
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(file, "utf8")).toBe("later");
  });

  test.runIf(unix)("stays a pipe where it is one: its reader gets the content", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = createReadStream(pipe, "utf8");
    const read = (async () => {
      let all = "";
      for await (const part of reader) all += String(part);
      return all;
    })();
    await write(pipe, "a document");
    const kept = (await lstat(pipe)).isFIFO();
    // else it would wait for ever
    if (!kept) reader.destroy();
    expect(kept).toBe(true);
    expect(await read).toBe("a document");
  });

  // made here: a real one must survive the failure of this test
  test.runIf(root)("stays a device where it is one, and a full one is said to be", async ({ skip }) => {
    const device = join(folder, "full");
    try {
      execFileSync("mknod", [device, "c", "1", "7"], { stdio: "ignore" });
    } catch {
      skip("devices cannot be made here");
    }
    expect(await failureOf(() => write(device, "a document"))).toBe(
      `The disk is full: ${device} was not written Make room, or name another disk.`,
    );
    expect((await lstat(device)).isCharacterDevice()).toBe(true);
  });
});
