import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { comparison } from "./documents";
import { paramscope } from "./session";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
  await writeFile(join(folder, "a.txt"), "The river rose in the night.");
  await writeFile(join(folder, "empty.txt"), "");
  await writeFile(join(folder, "binary.txt"), Uint8Array.of(65, 0, 66));
  await writeFile(join(folder, "latin1.txt"), Uint8Array.of(65, 0xe9, 66));
  await writeFile(join(folder, "broken.paramscope"), '{ "format": "paramscope.analysis"');
  await writeFile(join(folder, "comparison.paramscope"), JSON.stringify(comparison()));
  await mkdir(join(folder, "nothing"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("bad input: one line with cause and remedy, exit code 1, nothing half-written", () => {
  test.each<[string, string]>([
    ["analyze missing.txt", "missing.txt does not exist. Check the path."],
    // a split line: the operand is empty
    ["analyze ", "A path is empty. Is a variable of the shell not set?"],
    ["analyze empty.txt", "empty.txt is empty. Give a text of at least one character."],
    ["analyze binary.txt", "binary.txt is a binary file, not text. Name a text file."],
    ["analyze latin1.txt", "latin1.txt is not valid UTF-8 (byte 1). Save it as UTF-8."],
    ["analyze nothing", "nothing holds no text files. Name a folder with UTF-8 text files."],
    ["analyze -", "Standard input is empty. Give a text of at least one character."],
    [
      "analyze a.txt --model gpt5",
      "There is no model gpt5: neither a folder, nor a file, nor one that was downloaded. `paramscope models` lists those that are there.",
    ],
    [
      "analyze a.txt --output nowhere/x.paramscope",
      "The folder of nowhere/x.paramscope does not exist. Create it, or name another file.",
    ],
    ["analyze a.txt --report nothing", "nothing is a folder. Name a file."],
    ["compare a.txt missing.paramscope", "missing.paramscope does not exist. Check the path."],
    [
      "compare a.txt broken.paramscope",
      "broken.paramscope is not a Paramscope result: it is not JSON. Was it cut short?",
    ],
    [
      "compare a.txt comparison.paramscope",
      "comparison.paramscope holds no texts to compare (paramscope.comparison). Name what `paramscope analyze --output` saved.",
    ],
    ["models remove demo", "demo comes with Paramscope and stays. Only models of your models folder can be removed."],
    ["models remove x", "There is no model x in your models folder. `paramscope models` lists those that are there."],
  ])("%s", async (line, message) => {
    const before = await readdir(folder);
    const outcome = await paramscope(line.split(" "), {
      cwd: folder,
      env: { PARAMSCOPE_MODELS: join(folder, "models") },
    });
    expect(outcome).toEqual({ code: 1, stdout: "", stderr: `paramscope: ${message}\n` });
    expect(await readdir(folder)).toEqual(before);
  });
});
