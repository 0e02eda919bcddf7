import { execFileSync } from "node:child_process";

import fc from "fast-check";
import { expect, test } from "vitest";

import { typedCommand } from "../../src/cli/typed-command";

test("a command is what a shell reads as the same arguments", () => {
  expect(typedCommand(["analyze", "story.txt", "--text", "it's 5 $HOME"])).toBe(
    "paramscope analyze story.txt --text 'it'\\''s 5 $HOME'",
  );
  const argument = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 4 }), (args) => {
      const typed = typedCommand(args).replace(/^paramscope/, "printf '%s\\0'");
      if (args.length === 0) return;
      expect(execFileSync("/bin/sh", ["-c", typed], { encoding: "utf8" })).toBe(
        args.map((text) => `${text}\0`).join(""),
      );
    }),
    { numRuns: 50 },
  );
});
