import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openModel } from "../../src/engine/model/model";
import { randomNumbers } from "../../src/engine/numbers/random";
import { cli, paramscope, repository } from "./session";

/* A signal ends every command, whatever it is busy with. */

let folder = "";
/** Whose tokenizer has an expression that does not come to an end. */
let endless = "";
const stuck = `${"a".repeat(60)}!`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-stopping-"));
  endless = join(folder, "endless");
  await cp(join(repository, "test/fixtures/llama"), endless, { recursive: true });
  const path = join(endless, "tokenizer.json");
  const tokenizer = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  const split = {
    type: "Split",
    pattern: { Regex: String.raw`(\w+\s?)*\d\d\d$` },
    behavior: "Isolated",
    invert: false,
  };
  const bytes = { type: "ByteLevel", add_prefix_space: false, use_regex: false };
  tokenizer.pre_tokenizer = { type: "Sequence", pretokenizers: [split, bytes] };
  await writeFile(path, JSON.stringify(tokenizer));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Runs a command and sends it signals, each after so many milliseconds; how it ended and how long after the first. */
async function stopped(args: readonly string[], signals: readonly (readonly [NodeJS.Signals, number])[]) {
  const child = spawn(process.execPath, [cli, ...args], { cwd: repository, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  let first = NaN;
  for (const [signal, after] of signals)
    setTimeout(() => {
      first ||= performance.now();
      child.kill(signal);
    }, after);
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, stderr, seconds: (performance.now() - first) / 1000 };
}

describe("an expression of a tokenizer that does not come to an end", () => {
  test("ends the command with one line", async () => {
    const { code, stderr } = await paramscope(["analyze", "--model", endless, "--text", stuck]);
    expect([code, stderr]).toEqual([
      1,
      "paramscope: The model's tokenizer takes more than 5 s for 61 characters of text. " +
        "An expression in its tokenizer.json does not come to an end: use another model.\n",
    ]);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("is ended by one %s", async (signal) => {
    const { code, stderr, seconds } = await stopped(["analyze", "--model", endless, "--text", stuck], [[signal, 2000]]);
    expect([code, stderr]).toEqual([
      130,
      // a slow machine has not come to the text yet, and stops by itself
      expect.stringMatching(
        /^paramscope: Stopped by you\. (A file that it was writing is whole or not there|Nothing was written)\.\n$/,
      ),
    ]);
    expect(seconds).toBeLessThan(3);
  });

  test("is ended at once by a second signal", async () => {
    const args = ["analyze", "--model", endless, "--text", stuck];
    const { code, seconds } = await stopped(args, [
      ["SIGINT", 2000],
      ["SIGINT", 2300],
    ]);
    expect(code).toBe(130);
    expect(seconds).toBeLessThan(1.5);
  });
});

describe.runIf(process.platform === "linux")("doctor, which has processes of its own", () => {
  /** The processes that a process has started. */
  const startedBy = (pid: number | undefined): number[] =>
    spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)])
      .stdout.toString()
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map(Number);
  /** Not where it has ended and nobody has asked how, as in a container whose first process does not. */
  const isThere = (pid: number): boolean =>
    /^[^Z]/.test(
      spawnSync("ps", ["-o", "stat=", "-p", String(pid)])
        .stdout.toString()
        .trim(),
    );

  /** Sends it a signal, and waits for it and for what it had started then to end. */
  async function ended(signal: NodeJS.Signals, after: number) {
    const child = spawn(process.execPath, [cli, "doctor"], { cwd: repository, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
    await pause(after);
    const started = startedBy(child.pid);
    const from = performance.now();
    child.kill(signal);
    const [code] = await closed;
    const seconds = (performance.now() - from) / 1000;
    await expect.poll(() => started.filter(isThere), { timeout: 1000, interval: 50 }).toEqual([]);
    return { code, stderr, seconds, started };
  }

  test.each([
    [300, "SIGINT"],
    [700, "SIGTERM"],
    [1200, "SIGINT"],
    [2000, "SIGTERM"],
  ] as const)("ends after %d ms with one %s, and they with it", async (after, signal) => {
    const { code, stderr, seconds, started } = await ended(signal, after);
    // a quick machine may be done
    if (code === 0 && started.length === 0) return;
    expect([code, stderr]).toEqual([130, "paramscope: Stopped by you. Nothing was written.\n"]);
    expect(seconds).toBeLessThan(1.5);
  });

  test("does not leave them where it is killed", async () => {
    const { started } = await ended("SIGKILL", 900);
    expect(started).toHaveLength(1);
  });
});

describe("a signal at any moment", () => {
  const random = randomNumbers(18);
  const commands: readonly (readonly string[])[] = [
    ["analyze", "samples", "--json"],
    ["compare", "samples/math", "samples/news", "--quiet"],
    ["domains", "samples/math", "samples/news", "--quiet"],
    ["pairs", "test/data/stsb-dev-100.tsv", "--quiet"],
    ["patch", "--text", "The cat sat on the", "--text", "The dog sat on the", "--answers", " table, c"],
    ["prune", "samples/math", "--quiet"],
    ["neurons", "samples/math", "--quiet"],
    ["estimate", "analyze", "samples"],
    ["models"],
    ["doctor"],
  ];

  test.each(commands.map((args) => [args.join(" "), args] as const))("ends %s", async (_, args) => {
    const signal = random() < 0.5 ? "SIGINT" : "SIGTERM";
    const { code, signal: died, seconds, stderr } = await stopped(args, [[signal, Math.round(2500 * random())]]);
    // before the handlers are there Node.js itself ends, and a command may be done already
    expect([130, 0, died === null ? null : 130]).toContain(code ?? 130);
    if (code === 130) expect(stderr).toMatch(/^paramscope: Stopped by you.*\n$/);
    expect(Number.isNaN(seconds) ? 0 : seconds).toBeLessThan(3);
  });
});

describe.runIf(process.platform === "linux")("a signal while a model is written", () => {
  /** Where a command writes, and what it is told while something of that is there. */
  const at = (name: string): string => join(folder, "written", name);
  const commands = (): readonly (readonly string[])[] => {
    const [less, file] = [at("less"), at("less.gguf")];
    return [
      ["shrink", "samples/math", "--layers", "1", "--by", "last", "--export", less, "--gguf", file],
      ["prune", "samples/math", "--criterion", "magnitude", "--export", less],
      ["quantize", "samples/math", "--size", "8bpw", "--gguf", file],
    ];
  };

  test.each([0, 1, 2])("leaves what is whole, and nothing else: command %i", async (which) => {
    await mkdir(at(""), { recursive: true });
    const watcher = watch(at(""));
    const child = spawn(process.execPath, [cli, ...(commands()[which] ?? []), "--quiet"], { cwd: repository });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdout.resume();
    watcher.once("change", () => child.kill("SIGINT"));
    const [code] = (await once(child, "close")) as [number | null];
    watcher.close();
    // a quick machine may be done
    expect([0, 130]).toContain(code);
    if (code === 130)
      expect(stderr).toMatch(
        which === 0
          ? /^paramscope: Stopped by you\. A file that it was writing is whole or not there\.\n$/
          : /^paramscope: Stopped by you\. Nothing was written\.\n$/,
      );
    const left = await readdir(at(""));
    expect(left.filter((name) => !["less", "less.gguf"].includes(name))).toEqual([]);
    if (code === 130 && which > 0) expect(left).toEqual([]);
    for (const name of left) await (await openModel(at(name))).close();
    await rm(at(""), { recursive: true });
  });
});

test.runIf(process.platform === "linux")("a cache that can be made nowhere does not keep a command", async () => {
  const { code } = await paramscope(["analyze", "--text", "The river rose.", "--quiet"], {
    env: { XDG_CACHE_HOME: "/proc/none/cache" },
  });
  expect(code).toBe(0);
});
