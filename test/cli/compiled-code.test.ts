import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { loadProgram } from "../../src/compiled-code";
import { type Outcome, paramscope } from "./session";

/* What V8 compiled of the command is kept: the next run begins sooner, and nothing else is changed by it. */

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "paramscope-compiled-"));
});

afterEach(() => {
  rmSync(cache, { recursive: true });
});

const folder = (): string => join(cache, "paramscope/compiled");

function keptFile(): string {
  const names = readdirSync(folder());
  expect(names).toHaveLength(1);
  return join(folder(), names[0] ?? "");
}

describe("the command", () => {
  /** What it says, but for how long it took. */
  async function analyze(env = { XDG_CACHE_HOME: cache }): Promise<Outcome> {
    const outcome = await paramscope(["analyze", "--text", "The boats are in.", "--baseline", "none", "--quiet"], {
      env,
    });
    return { ...outcome, stdout: outcome.stdout.replace(/ · [\d.]+ s\n/, "\n") };
  }

  test("keeps what was compiled once, and only for its user", async () => {
    const first = await analyze();
    expect(first.code).toBe(0);
    const { ino, mtimeMs } = statSync(keptFile());
    if (process.platform !== "win32") {
      expect(statSync(keptFile()).mode & 0o777).toBe(0o600);
    }
    expect(await analyze()).toEqual(first);
    expect(statSync(keptFile())).toMatchObject({ ino, mtimeMs });
  });

  test("keeps nothing of what failed, nor of what only says something", async () => {
    for (const args of [["--help"], ["--version"], ["analyze", "not-there.txt"]])
      await paramscope(args, { env: { XDG_CACHE_HOME: cache } });
    expect(readdirSync(cache)).toEqual([]);
  });

  const damages: Record<string, (file: string) => void> = {
    "a changed bit": (file) => {
      const data = readFileSync(file);
      data[data.length >> 1] = (data[data.length >> 1] ?? 0) ^ 1;
      writeFileSync(file, data);
    },
    "half of it": (file) => writeFileSync(file, readFileSync(file).subarray(0, 100_000)),
    "nothing in it": (file) => writeFileSync(file, ""),
  };
  if (process.platform !== "win32") damages["others who may write it"] = (file) => chmodSync(file, 0o666);

  if (process.platform === "linux")
    damages["a pipe in its place"] = (file) => {
      rmSync(file);
      execFileSync("mkfifo", ["-m", "600", file]);
    };
  if (process.platform !== "win32") damages["a folder that others may write"] = () => chmodSync(folder(), 0o777);

  test.each(Object.entries(damages))("does as always with %s, and writes it anew", async (_, damage) => {
    const first = await analyze();
    const whole = readFileSync(keptFile()).length;
    const { ino } = statSync(keptFile());
    damage(keptFile());
    expect(await analyze()).toEqual(first);
    expect(statSync(keptFile()).ino).not.toBe(ino);
    expect(readFileSync(keptFile()).length).toBeGreaterThan(whole / 2);
  });

  test("does as always where nothing can be kept", async () => {
    const file = join(cache, "file");
    writeFileSync(file, "");
    expect(await analyze({ XDG_CACHE_HOME: file })).toEqual(await analyze());
  });
});

describe("a program", () => {
  const path = (): string => join(cache, "program.cjs");

  beforeEach(() => {
    vi.stubEnv("XDG_CACHE_HOME", cache);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  async function run(source: string): Promise<unknown> {
    writeFileSync(path(), source);
    const program = loadProgram(path());
    await program.keep();
    return program.exports;
  }

  test("of another text of the same length is compiled anew", async () => {
    expect(await run("exports.is = 1;")).toEqual({ is: 1 });
    expect(await run("exports.is = 2;")).toEqual({ is: 2 });
  });

  test("is not taken for another whose kept code has its name", async () => {
    await run("exports.is = 1;");
    const first = keptFile();
    const code = readFileSync(first);
    await run("exports.is = 2;");
    const second = join(folder(), readdirSync(folder()).find((name) => !first.endsWith(name)) ?? "");
    writeFileSync(second, code);
    expect(await run("exports.is = 2;")).toEqual({ is: 2 });
  });

  test("has what a module has, compiled or kept", async () => {
    writeFileSync(join(cache, "other.cjs"), "module.exports = 'the other';");
    const source =
      "module.exports = { other: require('./other.cjs'), __filename, __dirname, same: exports === module.exports };";
    const expected = { other: "the other", __filename: path(), __dirname: cache, same: true };
    expect(await run(source)).toEqual(expected);
    expect(await run(source)).toEqual(expected);
  });

  test("is one of few that are kept", async () => {
    for (let i = 0; i < 10; i++) await run(`exports.is = ${i};`);
    expect(readdirSync(folder())).toHaveLength(6);
  });
});
