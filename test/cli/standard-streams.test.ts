import { execFileSync, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parseDocument } from "../../src/kinds/parse-document";
import { ReaderGone, StandardError, StandardOutput } from "../../src/cli/terminal/streams";
import { failureOf } from "../engine/support/errors";
import { cli, paramscope, repository } from "./session";

const linux = process.platform === "linux";
const text = ["--text", "The river rose"];
const other = ["--text", "A cat sat there"];

/** Every command that prints something, as short as it can be. */
const printing: readonly (readonly string[])[] = [
  ["--help"],
  ["--version"],
  ["analyze", "--help"],
  ["models"],
  ["models", "--available"],
  ["doctor", "--json"],
  ["analyze", ...text, ...other, "--frequency"],
  ["compare", ...text, ...other, "--json"],
  ["domains", "samples/math", "samples/news", "--window", "8"],
  ["domains", "samples/math", "samples/news", "--window", "16", "--prune", "--json"],
  ["patch", "--text", "The cat sat on the", "--text", "The dog sat on the", "--answers", " table, c"],
  ["prune", ...text, "--json"],
  ["neurons", ...text],
  // each prints its document and its tables by the same few lines: some of both ways
  ...[
    ["analyze", ...text],
    ["analyze", ...text, "--quiet"],
    ["estimate", "analyze", ...text],
    ["pairs", "test/data/stsb-dev-100.tsv", "--limit", "4"],
  ].flatMap((command) => [command, [...command, "--json"]]),
];

function smallDisk(): string | undefined {
  if (!linux || process.getuid?.() !== 0) return undefined;
  const path = mkdtempSync(join(tmpdir(), "paramscope-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", path], { stdio: "ignore" });
    return path;
  } catch {
    rmdirSync(path);
    return undefined;
  }
}

type Stream = number | "pipe" | "ignore";

/** Runs the command with its standard streams elsewhere than in pipes. */
async function run(
  args: readonly string[],
  stdout: Stream,
  stderr: Stream = "pipe",
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: repository, stdio: ["ignore", stdout, stderr] });
  const read = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (part: string) => (read[name] += part));
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, ...read };
}

async function withFile<Value>(path: string, flags: string, use: (fd: number) => Promise<Value>): Promise<Value> {
  const fd = openSync(path, flags);
  try {
    return await use(fd);
  } finally {
    closeSync(fd);
  }
}

const failure = (reason: string, remedy: string): string =>
  `paramscope: Standard output cannot be written (${reason}). ${remedy}\n`;
const full = failure("no space left on device", "Make room, or name another file.");

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe.runIf(linux)("standard output that is full", () => {
  test.each(printing.map((args) => [args.join(" "), args] as const))("fails %s with one line", async (_, args) => {
    expect(await withFile("/dev/full", "w", (fd) => run(args, fd))).toEqual({ code: 1, stdout: "", stderr: full });
  });

  test("does so where standard error is full too", async () => {
    expect((await withFile("/dev/full", "w", (fd) => run(["--version"], fd, fd))).code).toBe(1);
  });

  test("leaves wrong usage what it is", async () => {
    expect((await withFile("/dev/full", "w", (fd) => run(["frobnicate"], fd))).code).toBe(2);
  });
});

/** Only who may mount has a small disk. */
const disk = smallDisk();

describe.skipIf(disk === undefined)("a disk of 16 KiB", () => {
  const place = (name: string): string => join(disk ?? "", name);
  const names = async (): Promise<string[]> => await readdir(disk ?? "");

  afterAll(async () => {
    execFileSync("umount", [disk ?? ""]);
    await rm(disk ?? "", { recursive: true });
  });

  const long = ["analyze", "samples/math", "--window", "64", "--quiet"];

  test("cuts a document in two, and the command says so", async () => {
    const file = place("out.json");
    const { code, stderr } = await withFile(file, "w", (fd) => run([...long, "--json"], fd));
    expect([code, stderr]).toEqual([1, full]);
    // it was begun, as with any program: the shell made this file
    expect((await stat(file)).size).toBeGreaterThan(0);
    await rm(file);
  });

  test.each(["--output", "--report"])("leaves %s as it was before", async (option) => {
    const file = place("result");
    await writeFile(file, "earlier");
    expect(await paramscope([...long, option, file])).toMatchObject({
      code: 1,
      stderr: `paramscope: The disk is full: ${file} was not written. Make room, or name another disk.\n`,
    });
    expect(await readFile(file, "utf8")).toBe("earlier");
    expect(await names()).toEqual(["result"]);
    await rm(file);
  });

  test.each(["--export", "--masks"])("leaves nothing of prune %s", async (option) => {
    const { code, stderr } = await paramscope(["prune", ...text, "--quiet", option, place("pruned")]);
    expect([code, stderr.split("\n").length]).toEqual([1, 2]);
    // before anything is computed
    expect(stderr).toMatch(/ needs room for .*, and the disk has .* free\. Make room, or name another disk\.\n$/);
    expect(await names()).toEqual([]);
  });
});

describe.runIf(linux)("standard output that cannot be written", () => {
  test("because it was opened to read", async () => {
    const outcome = await withFile("/dev/null", "r", (fd) => run(["analyze", ...text, "--json"], fd));
    expect(outcome).toMatchObject({
      code: 1,
      stderr: failure("bad file descriptor", "Send it to another file or program."),
    });
  });

  test("because it was closed is none: Node.js opens /dev/null in its place, like a parent that ignores it", () => {
    const command = `"${process.execPath}" "${cli}" --version >&-`;
    expect(execFileSync("/bin/sh", ["-c", command], { encoding: "utf8", stdio: "pipe" })).toBe("");
  });
});

/** Ends like `head`: after the first bytes. */
async function firstBytes(args: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: repository, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, stderr };
}

describe("a reader that has had enough", () => {
  test.each([
    [["--help"]],
    [["analyze", ...text]],
    [["analyze", "samples/math", "--window", "64", "--json", "--quiet"]],
  ])("is no failure of %j", async (args) => {
    expect(await firstBytes(args)).toEqual({ code: 0, stderr: "" });
  });

  test("does not keep a run from writing its files", async () => {
    const [saved, report] = [join(folder, "saved.paramscope"), join(folder, "report.html")];
    expect(await firstBytes(["analyze", ...text, "-o", saved, "--report", report])).toEqual({ code: 0, stderr: "" });
    expect((await parseDocument(await readFile(saved, "utf8"), saved)).format).toBe("paramscope.analysis");
    expect(await readFile(report, "utf8")).toContain("</html>");
  });

  test.runIf(linux)("is `head`", async () => {
    const code = join(folder, "code");
    const command = `{ "${process.execPath}" "${cli}" analyze --text hello; echo $? > "${code}"; } | head -c 10`;
    expect(execFileSync("/bin/sh", ["-c", command], { encoding: "utf8" })).toHaveLength(10);
    // head may end before the rest of the pipe does
    await vi.waitFor(async () => expect(await readFile(code, "utf8")).toBe("0\n"), 30_000);
  });
});

test("a document of a megabyte arrives whole where its reader is slow", async () => {
  const saved = join(folder, "long.paramscope");
  const args = ["analyze", "samples", "--window", "64", "--json", "--quiet", "-o", saved];
  const child = spawn(process.execPath, [cli, ...args], { cwd: repository, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const parts: Buffer[] = [];
  for await (const part of child.stdout) {
    parts.push(part as Buffer);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await ended).toBe(0);
  const whole = Buffer.concat(parts);
  expect(whole.length).toBeGreaterThan(2 ** 19);
  expect(whole.equals(await readFile(saved))).toBe(true);
});

describe("standard error that cannot be written", () => {
  // a note is said of what was left out
  const args = ["analyze", "samples/math", "--window", "16", "--max-samples", "2", "--profile"];

  test.runIf(linux)("harms no run", async () => {
    const { code, stdout } = await withFile("/dev/full", "w", (fd) => run([...args, "--json"], "pipe", fd));
    expect(code).toBe(0);
    expect((await parseDocument(stdout, "standard output")).format).toBe("paramscope.analysis");
    const missing = await withFile("/dev/full", "w", (fd) => run(["analyze", "missing.txt"], "pipe", fd));
    expect(missing.code).toBe(1);
  });

  test("since its reader has gone harms no run", async () => {
    const child = spawn(process.execPath, [cli, ...args], { cwd: repository, stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.destroy();
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => (stdout += part));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    expect(code).toBe(0);
    expect(stdout).toContain("\nlayer ");
  });

  test("does not make a failure a success", async () => {
    const child = spawn(process.execPath, [cli, "analyze", "missing.txt"], { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.destroy();
    expect(await new Promise<number | null>((resolve) => child.on("close", resolve))).toBe(1);
  });
});

/** A stream of which every write fails. */
function failing(code: string, errno: number): NodeJS.WriteStream & { fd: number } {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => {
      done(Object.assign(new Error(`${code}: write`), { code, errno }));
    },
  });
  return Object.assign(stream, { fd: -1, isTTY: true }) as unknown as NodeJS.WriteStream & { fd: number };
}

describe("a terminal or a pipe that tells of its failure later", () => {
  const told = "Standard output cannot be written (i/o error) Send it to another file or program.";

  test("fails the flush and all that comes after, and is told once", async () => {
    const output = new StandardOutput(failing("EIO", -5));
    const ends: unknown[] = [];
    output.whenEnded((end) => ends.push(end));
    output.write("layer 3");
    expect(await failureOf(() => output.flush())).toBe(told);
    expect(await failureOf(() => Promise.resolve().then(() => output.write("layer 2")))).toBe(told);
    expect(ends).toHaveLength(1);
  });

  test("swallows what comes after its reader", async () => {
    const output = new StandardOutput(failing("EPIPE", -32));
    const ends: unknown[] = [];
    output.whenEnded((end) => ends.push(end));
    output.write("layer 3");
    await output.flush();
    output.write("layer 2");
    await output.flush();
    expect(ends).toEqual([expect.any(ReaderGone)]);
  });

  test("is none of standard error's", async () => {
    const errors = new StandardError(failing("EIO", -5));
    errors.write("a note");
    await errors.flush();
    errors.write("another");
    await errors.flush();
  });
});
