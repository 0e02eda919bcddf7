import { execFileSync, spawnSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkOutputs, refuseModelFiles } from "../../src/cli/check-outputs";
import { writeWhole } from "../../src/cli/output";
import { failureOf } from "../engine/support/errors";
import { fixturePath } from "../engine/support/reference";
import { paramscope } from "./session";

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
  await checkOutputs({ output: path }, []);
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

  test("clears what a killed command has left of one, and nothing else", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const left = `.paramscope-${pid}-0123abcd.tmp`;
    const others = [
      `.paramscope-${process.ppid}-0123abcd.tmp`,
      `.paramscope-${pid}.tmp`,
      `.paramscope-${pid}-89abcdef.tmp`,
    ];
    for (const name of [left, ...others]) await writeFile(join(folder, name), "{");
    // the last one may be of another machine that shares the folder
    for (const name of [left, ...others.slice(0, -1)]) await utimes(join(folder, name), 0, 0);
    await write(join(folder, "result"), "later");
    expect(await readdir(folder)).toEqual([...others, "result"].sort());
  });

  test.runIf(unix)("stays a link where it is one", async () => {
    const [file, link] = [join(folder, "result"), join(folder, "link")];
    await writeFile(file, "earlier");
    await symlink("result", link);
    await write(link, "later");
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(file, "utf8")).toBe("later");
  });

  test.runIf(unix)("stays a link that leads nowhere yet: the file is made there", async () => {
    const link = join(folder, "link");
    await symlink(join("later", "result"), link);
    expect(await failureOf(() => write(link, "x"))).toContain("does not exist");
    await mkdir(join(folder, "later"));
    await write(link, "a document");
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, "later", "result"), "utf8")).toBe("a document");
  });

  test.runIf(unix)("keeps its mode; a new one has what the user's umask says", async () => {
    const file = join(folder, "result");
    await writeFile(file, "earlier", { mode: 0o600 });
    await write(file, "later");
    expect((await lstat(file)).mode & 0o777).toBe(0o600);
    await write(join(folder, "new"), "x");
    expect((await lstat(join(folder, "new"))).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test.skipIf(process.platform === "win32")("is not written into the pipe that standard output goes to", async () => {
    const args = ["analyze", "--text", "The river rose.", "--baseline", "none", "-o", "/dev/stdout"];
    expect(await paramscope(args)).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "paramscope: /dev/stdout is to be written twice: standard output goes there. Name another file, or print the result with --json.\n",
    });
  });

  test("is not written where another one is, nor over what is read", async () => {
    const [text, notes] = [join(folder, "story.txt"), join(folder, "notes")];
    await writeFile(text, "The river rose.");
    await mkdir(notes);
    await writeFile(join(notes, "a.txt"), "A note.");
    await writeFile(join(notes, "old.paramscope"), "{}");
    const refused = (output: string, report?: string, ...inputs: string[]) =>
      failureOf(() => checkOutputs({ output, report }, inputs));
    expect(await refused(join(folder, "x"), join(folder, ".", "x"))).toContain("is to be written twice");
    expect(await refused(text, undefined, text)).toContain("is what is read: it is not written over");
    expect(await refused(join(notes, "a.txt"), undefined, notes)).toContain("is in a folder that is read");
    const models = (outputs: object, ...inputs: string[]) => failureOf(() => checkOutputs(outputs, inputs));
    const model = join(folder, "x.gguf");
    expect(await models({ output: model, gguf: model })).toContain("is to be written twice");
    expect(await models({ recipe: folder, gguf: join(folder, "imatrix.gguf") })).toContain("is to be written twice");
    expect(await models({ recipe: folder, output: join(folder, ".", "types.txt") })).toContain(
      "is to be written twice",
    );
    expect(await models({ export: join(folder, "new"), gguf: join(folder, "new", "x.gguf") })).toContain(
      "is exported as a whole",
    );
    expect(await models({ gguf: text }, text)).toContain("is what is read: it is not written over");
    await writeFile(join(notes, "small.gguf"), "GGUF");
    await checkOutputs({ gguf: join(notes, "small.gguf") }, [notes]);
    // what is not there yet, and an earlier result, are no texts
    await checkOutputs({ output: join(notes, "old.paramscope"), report: join(notes, "new.html") }, [notes]);
    await checkOutputs({ output: "/dev/null", report: "/dev/null" }, [text]);
    expect(await readFile(text, "utf8")).toBe("The river rose.");
  });

  test.runIf(unix)("is not written over what is read, by whatever name", async () => {
    const text = join(folder, "story.txt");
    await writeFile(text, "The river rose.");
    await symlink(text, join(folder, "link"));
    const checked = (output: string, input: string) => failureOf(() => checkOutputs({ output }, [input]));
    expect(await checked(join(folder, "link"), text)).toContain("is what is read");
    expect(await checked(text, join(folder, "link"))).toContain("is what is read");
  });

  test.runIf(unix)(
    "may have the longest name that there is; a longer one, and a file for a folder, are named as what they are",
    async () => {
      const longest = join(folder, "n".repeat(255));
      await write(longest, "a document");
      expect(await readFile(longest, "utf8")).toBe("a document");
      expect(await failureOf(() => write(`${longest}n`, "x"))).toContain("is too long");
      await writeFile(join(folder, "file.txt"), "");
      expect(await failureOf(() => checkOutputs({ report: join(folder, "file.txt", "x.html") }, []))).toContain(
        "file.txt is a file, not a folder",
      );
    },
  );

  test("is none of the typical texts, nor of the second model", async () => {
    const text = join(folder, "story.txt");
    await writeFile(text, "The river rose.");
    const one = await paramscope(["analyze", "--text", "The lake.", "--baseline", text, "--quiet", "-o", text]);
    expect([one.code, one.stderr]).toEqual([1, expect.stringContaining("is what is read")]);
    const model = join(folder, "model");
    await cp(fixturePath("llama"), model, { recursive: true });
    const models = ["--model", fixturePath("llama"), "--model-b", model, "--window", "8"];
    const output = join(model, "config.json");
    const two = await paramscope(["compare", "--text", "The lake.", ...models, "--quiet", "-o", output]);
    expect([two.code, two.stderr]).toEqual([1, expect.stringContaining("is a file of the model")]);
  });

  test.runIf(unix)("is not where standard output goes, and that is not what is read", async () => {
    const [text, file] = [join(folder, "story.txt"), join(folder, "x.json")];
    await writeFile(text, "The river rose.");
    const printed = async (args: string, to: string): Promise<string> => {
      await writeFile(to, await readFile(to).catch(() => ""));
      const { stderr } = spawnSync("sh", ["-c", `"${process.execPath}" dist/cli.cjs ${args} --quiet >> '${to}'`]);
      return stderr.toString();
    };
    expect(await printed(`analyze '${text}' --json -o '${file}'`, file)).toContain("standard output goes there");
    expect(await printed(`analyze '${text}' --json`, text)).toContain(
      "is what is read, and where standard output goes",
    );
    expect(await readFile(text, "utf8")).toBe("The river rose.");
  });

  test.runIf(unix)(
    "is not printed over: neither the model's files nor a text of a folder nor what is exported",
    async () => {
      const [model, notes, typical] = ["model", "notes", "typical"].map((name) => join(folder, name));
      await cp(fixturePath("llama"), model, { recursive: true });
      for (const path of [notes, typical]) {
        await mkdir(path);
        await writeFile(join(path, "a.txt"), "A note.");
        await writeFile(join(path, "b.txt"), "The river rose.");
      }
      const text = join(notes, "a.txt");
      const printed = (args: string, to: string, input = "/dev/null") =>
        spawnSync("sh", [
          "-c",
          `"${process.execPath}" dist/cli.cjs ${args} --quiet --json <'${input}' >>'${to}'`,
        ]).stderr.toString();
      const given = `--text hi --baseline none --window 8`;
      const cases: [args: string, to: string, input?: string][] = [
        ...["config.json", "tokenizer.json", "model.safetensors", "README.md"].map((file): [string, string] => [
          `analyze ${given} --model '${model}'`,
          join(model, file),
        ]),
        [`estimate analyze ${given} --model '${model}'`, join(model, "config.json")],
        [`compare --text hi --model '${fixturePath("llama")}' --model-b '${model}'`, join(model, "config.json")],
        [`analyze --text hi --baseline '${typical}'`, join(typical, "b.txt")],
        [`domains '${notes}' '${typical}'`, text],
        [`analyze - --baseline none`, text, text],
        [`estimate analyze '${text}' --baseline none`, text],
        [`prune '${text}' --export '${model}'`, join(model, "config.json")],
      ];
      await writeFile(join(model, "README.md"), "# A model");
      for (const [args, to, input] of cases) {
        const before = await readFile(to);
        expect([args, printed(args, to, input)]).toEqual([
          args,
          expect.stringMatching(/^paramscope: .*([Ss]tandard output goes).*\n$/),
        ]);
        expect(await readFile(to)).toEqual(before);
      }
      // what the shell has made, and a result that was printed there, are no files of the model
      const result = join(model, "result.json");
      for (let i = 0; i < 2; i++) expect(printed(`analyze ${given} --model '${model}'`, result)).toBe("");
      expect((await readFile(result, "utf8")).trim().split("\n")).toHaveLength(2);
    },
  );

  test.runIf(unix)("is not standard input", async () => {
    const text = join(folder, "story.txt");
    await writeFile(text, "The river rose.");
    const command = `"${process.execPath}" dist/cli.cjs analyze - --baseline none --quiet -o '${text}' <'${text}'`;
    expect(spawnSync("sh", ["-c", command]).stderr.toString()).toContain("is what is read: it is not written over");
    expect(await readFile(text, "utf8")).toBe("The river rose.");
  });

  test("has a name", async () => {
    expect(await failureOf(() => checkOutputs({ output: "" }, []))).toContain("is empty");
  });

  test.runIf(unix)("is no link that leads to itself", async () => {
    await symlink("loop", join(folder, "loop"));
    expect(await failureOf(() => write(join(folder, "loop"), "x"))).toContain("a link that leads to itself");
  });

  test.runIf(unix)("that a run goes on from is a file", async () => {
    const resume = join(folder, "pipe");
    execFileSync("mkfifo", [resume]);
    expect(await failureOf(() => checkOutputs({ resume }, []))).toContain("is no regular file");
    expect(await failureOf(() => checkOutputs({ resume: "/dev/zero" }, []))).toContain("is no regular file");
  });

  test.runIf(process.platform === "linux")("may be a pipe, which takes it, but that of standard output", () => {
    const command = `"${process.execPath}" dist/cli.cjs analyze --text x --quiet -o /dev/fd/3 3>&1 >/dev/null | head -c 20`;
    expect(spawnSync("sh", ["-c", command]).stdout.toString()).toBe('{"format":"paramscop');
  });

  test("is no file of the model that is run", async () => {
    const model = join(folder, "model");
    await mkdir(model);
    for (const file of ["config.json", "tokenizer.json", "model.safetensors"]) await writeFile(join(model, file), "{}");
    for (const output of [join(model, "config.json"), join(model, "model.safetensors")])
      expect(await failureOf(() => refuseModelFiles({ output }, model))).toContain("is a file of the model");
    await refuseModelFiles({ output: join(model, "result.paramscope") }, model);
    const gguf = join(folder, "model.gguf");
    await writeFile(gguf, "GGUF");
    expect(await failureOf(() => refuseModelFiles({ report: gguf }, gguf))).toContain("is a file of the model");
  });

  test("is none of a model's folder that is there, read or not, but a result that was saved there", async () => {
    const [model, blobs] = [join(folder, "model"), join(folder, "blobs")];
    for (const path of [join(model, "onnx"), blobs]) await mkdir(path, { recursive: true });
    const own = ["config.json", "tokenizer.json", "model.safetensors"];
    const others = [
      "generation_config.json",
      "vocab.json",
      "merges.txt",
      "added_tokens.json",
      "tokenizer.model",
      "chat_template.json",
      "README.md",
      "LICENSE",
      join("onnx", "model.onnx"),
    ];
    for (const file of [...own, ...others]) await writeFile(join(model, file), "{}");
    for (const file of [...own, ...others])
      for (const outputs of [
        { output: join(model, file) },
        { report: join(model, file) },
        { resume: join(model, file) },
      ])
        expect(await failureOf(() => refuseModelFiles(outputs, model))).toContain("is a file of the model");
    if (unix) {
      await writeFile(join(blobs, "0123"), "{}");
      await symlink(join(blobs, "0123"), join(model, "NOTICE"));
      await symlink(join(model, "README.md"), join(folder, "link"));
      for (const output of [join(blobs, "0123"), join(folder, "link")])
        expect(await failureOf(() => refuseModelFiles({ output }, model))).toContain("is a file of the model");
    }
    const results = {
      "a.json": '{"format":"paramscope.analysis","version":1',
      "b.resume": '{"format":"paramscope.resume","key":""}\n',
      "c.html": '<!doctype html>\n<html lang="en">\n<head>\n<meta name="generator" content="Paramscope 1">',
      "made-by-the-shell.json": "",
    };
    for (const [name, content] of Object.entries(results)) await writeFile(join(model, name), content);
    for (const name of [...Object.keys(results), "new.txt"])
      await refuseModelFiles({ output: join(model, name) }, model);
  });

  test("is in no folder that the same command exports to, by whatever name", async () => {
    const exported = join(folder, "exported");
    await mkdir(join(exported, "inside"), { recursive: true });
    await writeFile(join(exported, "config.json"), "{}");
    const checked = (outputs: object) => failureOf(() => checkOutputs(outputs, []));
    for (const file of ["config.json", "result.json", join("inside", "x.html"), join("..", "exported", "x")]) {
      const path = join(exported, file);
      expect(await checked({ export: exported, output: path })).toContain("is exported as a whole");
      expect(await checked({ export: join(folder, ".", "exported"), report: path })).toContain(
        "is exported as a whole",
      );
      expect(await checked({ masks: exported, resume: path })).toContain("is exported as a whole");
    }
    expect(await checked({ export: join(folder, "new"), output: join(folder, "new") })).toContain(
      "is to be written twice: the export goes there",
    );
    if (unix) {
      await symlink(exported, join(folder, "link"));
      expect(await checked({ export: exported, output: join(folder, "link", "x") })).toContain(
        "is exported as a whole",
      );
      expect(await checked({ export: join(folder, "link"), output: join(exported, "x") })).toContain(
        "is exported as a whole",
      );
    }
    const read = join(exported, "config.json");
    expect(await failureOf(() => checkOutputs({ export: exported }, [read]))).toContain("is what is read, and in");
    await checkOutputs({ export: exported, output: join(folder, "exported.json") }, []);
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
