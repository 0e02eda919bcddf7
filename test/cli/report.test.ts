import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ParamscopeDocument } from "../../src/engine/document/document";
import { paramscope } from "./session";

/* That every command writes its report; test/browser opens them. */

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-report-"));
});

afterAll(async () => rm(folder, { recursive: true }));

const texts = "--text=The_river_rose --text=The_river_fell";

test.each([
  ["analysis", "analyze samples/fiction/harbour.txt"],
  ["frequency", "analyze samples/fiction/harbour.txt samples/fiction/letter.txt --frequency --window 64"],
  ["comparison", `compare ${texts}`],
  ["pairs", "pairs test/data/stsb-dev-100.tsv --limit 6 --no-contrast"],
  ["domains", "domains samples/fiction samples/math --window 32 --samples 2 --no-contrast"],
  ["calibration", "domains samples/fiction samples/math --prune --window 32 --windows 1"],
  ["patching", `patch ${texts}`],
  ["pruning", "prune --criterion magnitude --allocation uniform"],
  ["bits", "quantize --text=The_river_rose_in_the_night --size 5"],
  ["shrink", "shrink --text=The_river_rose_in_the_night --layers 2"],
  ["neurons", "neurons --text=The_river_rose"],
  ["models", "compare --text=The_river_rose --model-b models/demo"],
])("a report of %s holds what --json prints: %s", async (kind, line) => {
  const path = join(folder, `${kind}.html`);
  const { code, stdout } = await paramscope([...line.split(" "), "--json", "--report", path]);
  expect(code).toBe(0);
  const document = JSON.parse(stdout) as ParamscopeDocument;
  // not where it is on this machine, which a command may say
  const { command, ...run } = document.run;
  expect(command).toBe(["paramscope", ...line.split(" "), "--json", "--report", path].join(" "));
  expect(new Date(document.run.date ?? "").getTime()).toBeLessThanOrEqual(Date.now());
  document.run = run;
  document.model.path = basename(document.model.path);
  if (document.format === "paramscope.models") document.modelB.path = basename(document.modelB.path);
  expect(document.format).toBe(`paramscope.${kind}`);
  const [, written] =
    /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(await readFile(path, "utf8")) ?? [];
  expect(written).not.toContain('"command":"paramscope');
  expect(JSON.parse(written)).toMatchObject({ type: "state", state: { phase: "done", saved: true, document } });
});

test("a report that cannot be written is refused before anything is read, and nothing is left of it", async () => {
  const nowhere = join(folder, "nowhere", "report.html");
  const commands = ["analyze", "compare", "pairs", "domains", "patch", "prune", "quantize", "neurons"];
  const before = await readdir(folder);
  for (const command of commands) {
    const operands = command === "domains" ? ["missing", "missing"] : ["missing"];
    const { code, stderr } = await paramscope([command, ...operands, "--report", nowhere]);
    expect([code, stderr]).toEqual([
      1,
      `paramscope: The folder of ${nowhere} does not exist. Create it, or name another file.\n`,
    ]);
  }
  expect(await readdir(folder)).toEqual(before);
});
