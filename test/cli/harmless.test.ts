import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { expect, test } from "vitest";

import { failureLine } from "../../src/cli/failure";
import { harmless } from "../../src/cli/terminal/harmless";
import { ParamscopeError } from "../../src/engine/errors";
import { LONGEST_LINE } from "../../src/format/readable";
import { paramscope } from "./session";

/* Nothing of what is printed is a command to a terminal, wherever it comes from. */

/** Every code unit that a terminal may act on, that turns a line around, or that nobody sees. */
const isCommand = (code: number): boolean =>
  (code < 0x20 && code !== 0x0a && code !== 0x09) ||
  (code >= 0x7f && code < 0xa0) ||
  [0x61c, 0x200e, 0x200f, 0x2028, 0x2029].includes(code) ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x206f) ||
  (code >= 0x180b && code <= 0x180f) ||
  (code >= 0xfe00 && code <= 0xfe0f) ||
  (code >= 0xfff0 && code <= 0xfffb) ||
  [0xad, 0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x200b, 0x200c, 0x200d, 0x3164, 0xfeff, 0xffa0].includes(code) ||
  (code >= 0xd800 && code <= 0xdfff);

test("no character of any text is a command, and all others are there as they were", () => {
  for (let code = 0; code < 0x10000; code++) {
    const character = String.fromCharCode(code);
    const written = harmless(`a${character}b`, true);
    if (isCommand(code)) expect(written).toBe(`a\\u${code.toString(16).padStart(4, "0")}b`);
    // a letter from right to left turns itself around, and nothing else
    else if (written !== `a${character}b` && written !== `a\u2068${character}\u2069b`)
      expect.fail(`${code} became ${written}`);
  }
});

test("colours stay where there may be any, and are written out elsewhere; nothing else of a terminal's stays", () => {
  const red = "\u001b[31mred\u001b[39m";
  expect(harmless(red, true)).toBe(red);
  expect(harmless(red, false)).toBe("\\u001b[31mred\\u001b[39m");
  for (const sequence of [
    "\u001b]0;title\u0007",
    "\u001b[2J",
    "\u001b[8mhidden",
    "\u001b[5n",
    "\u001bc",
    "\u009b2J",
    "\u001b[31;8m",
  ])
    expect([...harmless(sequence, true)].some((character) => isCommand(character.charCodeAt(0)))).toBe(false);
});

test("a JSON document is the same document", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(harmless(JSON.stringify(value), false))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  const value = { "a\u009b": "\u202edna\u0007" };
  expect(JSON.parse(harmless(JSON.stringify(value), true))).toEqual(value);
});

test("an error is one line that can be read, however long its message", () => {
  const line = failureLine(new ParamscopeError(`It says: ${"x\n".repeat(50_000)}`));
  expect(line.length).toBe(LONGEST_LINE);
  expect(line.endsWith("…")).toBe(true);
});

test.skipIf(process.platform === "win32")("a file's name is no command, in tables and in JSON", async () => {
  const folder = await mkdtemp(join(tmpdir(), "paramscope-"));
  const file = join(folder, "a\u001b]0;owned\u0007\u202e\u009b2J.txt");
  await writeFile(file, "The river rose in the night.");
  for (const more of [[], ["--json"]]) {
    const { stdout } = await paramscope(["analyze", file, "--quiet", ...more]);
    expect([...stdout].filter((character) => isCommand(character.charCodeAt(0)))).toEqual([]);
    expect(stdout).toContain("owned");
  }
  const { stderr } = await paramscope(["analyze", `${file}x`]);
  expect([...stderr].filter((character) => isCommand(character.charCodeAt(0)))).toEqual([]);
  await rm(folder, { recursive: true });
});
