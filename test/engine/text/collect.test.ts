import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ParamscopeError } from "../../../src/engine/errors";
import { collectFolder, collectTexts, type TextInput } from "../../../src/engine/text/collect";
import { nodeFiles } from "../../../src/engine/text/files";
import { TextBudget } from "../../../src/engine/text/text";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

const path = (name: string): TextInput => ({ kind: "path", path: name });

async function errorOf(input: TextInput): Promise<string> {
  const error: unknown = await collectTexts([input]).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ParamscopeError)) throw new Error("no ParamscopeError");
  expect(error.remedy).toBeTruthy();
  return error.message.replaceAll(folder, "");
}

async function namesIn(name = ""): Promise<{ names: string[]; notes: string[] }> {
  const { texts, notes } = await collectTexts([path(join(folder, name))]);
  return {
    names: texts.map(({ source }) => relative(folder, source)),
    notes: notes.map((note) => note.replaceAll(folder, "")),
  };
}

test.skipIf(process.platform !== "linux")(
  "a name that is no text is left out of a folder, and that is said",
  async () => {
    await write("good.txt", "The river rose.");
    const bad = Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.of(0xff), Buffer.from("name.txt")]);
    await writeFile(bad, "The river rose.");
    await mkdir(Buffer.concat([Buffer.from(`${folder}/folder`), Buffer.of(0xfe)]));
    // a name may have the sign for what is none
    await write("really \uFFFD.txt", "The river fell.");
    expect(await namesIn()).toEqual({
      names: ["good.txt", "really \uFFFD.txt"],
      notes: [": 2 entries whose names are not UTF-8 were left out."],
    });
  },
);

describe("one text", () => {
  test("is what the file holds, but for a byte-order mark", async () => {
    const file = await write("a.txt", "\uFEFF  one\r\ntwo\u2028 \uFEFF\n");
    expect((await collectTexts([path(file)])).texts).toEqual([{ source: file, text: "  one\r\ntwo\u2028 \uFEFF\n" }]);
  });

  test("comes from standard input and options too, in order", async () => {
    const file = await write("a.txt", "file");
    const { texts } = await collectTexts([
      { kind: "standard-input", read: () => Promise.resolve(Buffer.from("\uFEFFpiped")) },
      path(file),
      { kind: "text", source: "text 1", text: "typed" },
    ]);
    expect(texts.map(({ source, text }) => [source, text])).toEqual([
      ["-", "piped"],
      [file, "file"],
      ["text 1", "typed"],
    ]);
  });

  test("is refused with the cause", async () => {
    expect(await errorOf(path(join(folder, "none.txt")))).toBe("/none.txt does not exist");
    expect(await errorOf(path(await write("empty.txt", "")))).toBe("/empty.txt is empty");
    expect(await errorOf(path(await write("mark.txt", "\uFEFF")))).toBe("/mark.txt is empty");
    expect(await errorOf(path(await write("image.png", Uint8Array.of(137, 80, 0, 71))))).toBe(
      "/image.png is a binary file, not text",
    );
    const invalid = Buffer.concat([Buffer.from("größer "), Uint8Array.of(0xff), Buffer.from(" ok")]);
    expect(await errorOf(path(await write("latin.txt", invalid)))).toBe("/latin.txt is not valid UTF-8 (byte 9)");
    expect(await errorOf(path(await write("wide.txt", Buffer.from("\uFEFFab", "utf16le"))))).toBe(
      "/wide.txt is in UTF-16",
    );
    expect(await errorOf({ kind: "text", source: "text 1", text: "" })).toBe("text 1 is empty");
  });

  test.skipIf(process.getuid?.() === 0 || process.platform === "win32")("is refused without permission", async () => {
    const file = await write("secret.txt", "x");
    await chmod(file, 0);
    expect(await errorOf(path(file))).toBe("/secret.txt may not be read");
  });
});

describe("a folder", () => {
  test("gives its text files, recursively, in the order of their paths", async () => {
    for (const name of ["b.txt", "a/z.md", "a/b/c.py", "C.txt"]) await write(name, name);
    expect(await namesIn()).toEqual({ names: ["C.txt", "a/b/c.py", "a/z.md", "b.txt"], notes: [] });
  });

  test("leaves out hidden, binary, empty and large files, and says how many", async () => {
    await write("a.txt", "a");
    await write(".hidden", "h");
    await write(".git/config", "h");
    await write("b.bin", Uint8Array.of(1, 0, 2));
    await write("c.bin", Uint8Array.of(0xff, 0xc0));
    await write("empty.txt", "");
    await write("large.txt", "x".repeat(5_000_001));
    expect(await namesIn()).toEqual({
      names: ["a.txt"],
      notes: [": 2 hidden entries, 2 binary files, 1 empty file and 1 file over 5 MB were left out."],
    });
  });

  test("leaves out what Paramscope saved, and models, however they are named and however large", async () => {
    await write("a.txt", "a");
    await write("b.paramscope", '{"format":"paramscope.pairs","version":1}');
    await write("c.json", '{ "version": 1, "format": "paramscope.pairs" }');
    await write("d.resume", `${JSON.stringify({ format: "paramscope.resume" })}\n`);
    await write("e.gguf", `GGUF${"\0".repeat(5_000_001)}`);
    await write("f.bin", Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("{}")]));
    await write("g.json", '{ "format": "other", "note": "not a paramscope.pairs" }');
    await write("h.paramscope", `{"format":"paramscope.pairs",${" ".repeat(5_000_001)}`);
    expect(await namesIn()).toEqual({
      names: ["a.txt", "g.json"],
      notes: [": 3 saved results of Paramscope, 1 file of unfinished runs and 2 model files were left out."],
    });
  });

  test("leaves out what git ignores: nested rules, exceptions, and those above up to the repository's top", async () => {
    await write(".git/info/exclude", "local.txt\n");
    await write(".gitignore", "*.log\n/build/\n");
    await write("src/.gitignore", "!keep.log\n*.tmp\n");
    for (const name of [
      "a.log",
      "build/x.txt",
      "src/build/x.txt",
      "src/keep.log",
      "src/y.tmp",
      "y.tmp",
      "src/local.txt",
    ]) {
      await write(name, name);
    }
    expect((await namesIn()).names).toEqual(["src/build/x.txt", "src/keep.log", "y.tmp"]);
    expect((await namesIn("src")).names).toEqual(["src/build/x.txt", "src/keep.log"]);
    // Named on purpose.
    expect((await namesIn("build")).names).toEqual(["build/x.txt"]);
  });

  test("is not held up by rules that no expression comes to an end with, or that are no rules", async () => {
    const name = `${"a".repeat(200)}.txt`;
    const deep = `${"a/".repeat(100)}c.txt`;
    await write(name, "a");
    await write(deep, "c");
    await write("d.txt", "d");
    await write(
      ".gitignore",
      [`${"*a".repeat(20)}*b`, `${"**/a/".repeat(20)}b`, "x".repeat(5_000_000), `[${"*".repeat(50)}`, "d.txt"].join(
        "\n",
      ),
    );
    const started = Date.now();
    expect((await namesIn()).names).toEqual([deep, name]);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test.skipIf(process.platform === "win32")("follows links to files, not to folders", async () => {
    await write("real/a.txt", "a");
    await mkdir(join(folder, "links"));
    await symlink("../real/a.txt", join(folder, "links/file.txt"));
    await symlink("../links", join(folder, "links/loop"));
    await symlink("nowhere", join(folder, "links/broken"));
    expect(await namesIn("links")).toEqual({
      names: ["links/file.txt"],
      notes: ["/links: 1 unreadable file and 1 linked folder were left out."],
    });
  });

  test("without text files is refused, with what is there instead", async () => {
    await write("a.bin", Uint8Array.of(0));
    expect(await errorOf(path(folder))).toBe(" holds no text files: 1 binary file left out");
  });

  test("that holds more than a run takes is not read to its end", async () => {
    const text = "x".repeat(5_000_000);
    let read = 0;
    const files = {
      ...nodeFiles,
      list: () =>
        Promise.resolve(
          Array.from({ length: 1000 }, (_, i) => ({ name: `${i}.txt`, kind: "file" as const, linked: false })),
        ),
      size: () => Promise.resolve(text.length),
      readText: (file: string) => {
        if (!file.endsWith(".txt")) return nodeFiles.readText(file);
        read++;
        return Promise.resolve(text);
      },
    };
    await expect(collectFolder(folder, files)).rejects.toThrow(
      "The texts have more than 100000000 characters, which is the most of a run",
    );
    expect(read).toBe(20);
  });
});

test("a file is refused by its size where it can only hold more than what is left", () => {
  const budget = new TextBudget();
  budget.add("x".repeat(1000));
  expect(() => budget.beforeReading(3 * (100_000_000 - 1000))).not.toThrow();
  expect(() => budget.beforeReading(3 * (100_000_000 - 999))).toThrow("The texts have more than 100000000 characters");
});

test.runIf(process.platform === "linux")("a device that gives bytes without end is left", async () => {
  expect(await errorOf(path("/dev/zero"))).toBe("/dev/zero gives more than 80 MB");
});
