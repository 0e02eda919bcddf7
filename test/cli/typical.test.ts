import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope } from "./session";

let folder = "";
let cache = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "paramscope-"));
  cache = join(folder, "cache");
});

afterAll(() => rmSync(folder, { recursive: true }));

const run = async (...args: string[]) => await paramscope(args, { env: { XDG_CACHE_HOME: cache } });
const digits = "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3 2 3 8 4 6 2 6 4 3 3 8 3 2 7 9 5 0 2 8 8.";

describe("what is unusual", () => {
  test.each([
    ["of digits", digits],
    ["of a sentence", "Once upon a time there was a little girl who lived in a house near the forest."],
  ])("%s is said first, and is there at once with the bundled model", async (name, text) => {
    const { stdout, stderr } = await run("analyze", "--quiet", "--text", text);
    expect(stderr).toBe("");
    const said = stdout.split("\n").slice(3, stdout.split("\n").indexOf("", 3));
    await expect(`${said.join("\n")}\n`).toMatchFileSnapshot(`golden/unusual-${name.replaceAll(" ", "-")}.txt`);
    // nothing was measured
    expect(readdirSync(join(cache, "paramscope"))).toEqual(["compiled"]);
  });

  test("is in the document, and can be left out", async () => {
    const document = async (...more: string[]) =>
      (await parseDocument(
        (await run("analyze", "--text", digits, "--json", ...more)).stdout,
        "x",
      )) as AnalysisDocument;
    expect((await document()).typical?.levels.map(({ level }) => level)).toEqual(["layer", "matrix", "head", "neuron"]);
    const without = await document("--baseline", "none");
    expect(without.typical).toBeUndefined();
    expect(without.typicalSeconds).toBeUndefined();
  });

  test("is of texts of one's own, twenty at least", async () => {
    const own = join(folder, "own");
    mkdirSync(own);
    for (let i = 0; i < 19; i++) writeFileSync(join(own, `${i}.txt`), `Letter ${i}: the parcel of ${2 * i} has come.`);
    const asked = ["analyze", "--quiet", "--text", digits, "--baseline", own];
    const few = await run(...asked);
    expect([few.code, few.stdout]).toEqual([1, ""]);
    expect(few.stderr).toBe(
      `paramscope: ${own} has 19 texts, and to say what is usual takes at least 20. Name a folder with more texts.\n`,
    );
    writeFileSync(join(own, "19.txt"), "Letter 19: no parcel has come.");
    const enough = await run(...asked);
    expect([enough.code, enough.stderr]).toEqual([0, ""]);
    expect(enough.stdout).toMatch(/unusual(?: here,)? beside the 20 texts of .*own/i);
    const member = await run("analyze", join(own, "3.txt"), "--baseline", own);
    expect(member.stderr).toContain(
      "own has 19 texts beside what is analysed, and to say what is usual takes at least 20.",
    );
    const missing = await run("analyze", "--text", digits, "--baseline", join(folder, "nowhere"));
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("nowhere");
  });
});
