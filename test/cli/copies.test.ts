import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paramscope, repository } from "./session";

/* The same text twice is one text: whatever counts texts, or reckons how much figures vary between them, says that it counts it once. */

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-copies-"));
  const samples = join(repository, "samples");
  for (const domain of ["fiction", "math"]) {
    await cp(join(samples, domain), join(folder, domain), { recursive: true });
    const [first = ""] = (await readdir(join(folder, domain))).sort();
    await cp(join(folder, domain, first), join(folder, domain, "z-copy.txt"));
  }
  // the second of one folder is held out there, and the first of the other calibrated with
  await mkdir(join(folder, "shifted"));
  await cp(join(samples, "fiction/letter.txt"), join(folder, "shifted/a.txt"));
  await cp(join(samples, "math/orchard.txt"), join(folder, "shifted/b.txt"));
  await mkdir(join(folder, "copies"));
  for (const name of ["a.txt", "b.txt", "c.txt"]) await writeFile(join(folder, "copies", name), "The tide is out.\n");
  await writeFile(
    join(folder, "pairs.csv"),
    "sentence1,sentence2,score\nA man eats.,A man is eating.,4.8\nA dog runs.,The sea is calm.,0.2\nA girl sings.,A child sings.,3.5\nA man is eating.,A man eats.,4.6\n",
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const run = async (line: string) => await paramscope(line.split(" "), { cwd: folder });

describe("copies are said by", () => {
  test.each([
    [
      "analyze copies --baseline none",
      "2 of 3 texts say the same as others and were left out: copies are no further evidence.",
    ],
    [
      "analyze copies/a.txt copies/a.txt --baseline none",
      "copies/a.txt was named twice and taken once: a copy is no further evidence.",
    ],
    [
      "analyze copies/a.txt copies/b.txt --baseline none",
      "copies/b.txt says the same as copies/a.txt and was left out: a copy is no further evidence.",
    ],
    ["neurons fiction math --window 16 --max-samples 2", "2 of 9 texts say the same as others and were left out"],
    ["domains fiction math --window 16 --no-contrast", "z-copy.txt"],
    [
      "domains fiction fiction/. --window 16 --no-contrast",
      " texts are in more than one folder, and count as texts of each.",
    ],
    ["domains fiction math --prune --window 16 --windows 2", "fiction/z-copy.txt says the same as fiction/harbour.txt"],
    [
      "domains fiction shifted --prune --window 16 --windows 2",
      "The calibration with shifted has seen the one held-out text of fiction: its perplexity there is no figure of new texts.",
    ],
    ["prune copies --window 16", "2 of 3 texts say the same as others and were left out"],
    [
      "prune fiction --evaluate fiction/harbour.txt --window 64",
      "% of the evaluated tokens of fiction/harbour.txt stand in calibration texts, too",
    ],
    ["pairs pairs.csv", "1 of 4 pairs has the sentences of another: intervals take it for a pair of its own."],
  ])("%s", async (line, said) => {
    const { stderr } = await run(line);
    expect(stderr).toContain(said);
  });
});

test.each([
  ["domains copies math", "copies has one text, in 3 copies, and texts within a domain are compared with each other."],
  [
    "domains copies math --prune",
    "copies has one text, in 3 copies, and some are kept from the calibration to measure perplexity on.",
  ],
  ["analyze copies --frequency", "Frequencies say in how many of several samples"],
  ["analyze fiction/harbour.txt --baseline copies", "copies has 1 text, and to say what is usual takes at least 20."],
])("%s has too few texts", async (line, said) => {
  const { code, stderr } = await run(line);
  expect(code).toBe(1);
  expect(stderr).toContain(said);
});

test.each([
  "analyze fiction/harbour.txt --baseline none",
  "prune fiction/bridge.txt --evaluate fiction/harbour.txt --window 64",
])("%s has none, and says none", async (line) => {
  const { stderr } = await run(line);
  expect(stderr).not.toMatch(/copy|copies|too: what pruning/);
});
