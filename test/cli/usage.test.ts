import { describe, expect, test } from "vitest";
import { paramscope } from "./session";

describe("help", () => {
  test.each([
    ["--help"],
    ["analyze --help"],
    ["compare --help"],
    ["prune --help"],
    ["shrink --help"],
    ["quantize --help"],
    ["imatrix --help"],
    ["models --help"],
    ["models get --help"],
    ["estimate --help"],
  ])("%s", async (line) => {
    const { code, stdout, stderr } = await paramscope(line.split(" "));
    expect([code, stderr]).toEqual([0, ""]);
    await expect(stdout).toMatchFileSnapshot(`golden/${line.replace(/\W+/g, "-").replace(/^-/, "")}.txt`);
  });

  test("of every command says defaults as they are typed", async () => {
    const { stdout } = await paramscope(["--help"]);
    const names = [...stdout.split("Commands:")[1].matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name]) => name);
    expect(names).toContain("quantize");
    for (const name of names.filter((other) => other !== "help")) {
      const help = (await paramscope([name, "--help"])).stdout;
      expect(help).not.toMatch(/[{[]"|\[object|undefined|null/);
    }
  });

  test("--version is the package's", async () => {
    const { default: packageJson } = await import("../../package.json");
    expect(await paramscope(["--version"])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: "" });
  });
});

describe("wrong usage: one line, exit code 2", () => {
  test.each<[string, string]>([
    [
      "compare --model-b demo --deep half --text x",
      "Two models are compared layer by layer, without a mean of the deep ones. Leave --deep out.",
    ],
    [
      "prune --text x --force",
      "Nothing is exported that --force could replace. Name a folder with --export or --masks.",
    ],
    [
      "analyze x --positions --frequency",
      "With --frequency the result that is saved has no positions. Leave one of --positions and --frequency out.",
    ],
    [
      "analyze x --ablate x --frequency",
      "With --frequency the result that is saved has no ablations. Leave one of --ablate and --frequency out.",
    ],
    [
      "imatrix",
      "There is neither a calibration text nor an importance matrix. Name files or folders, or what to show with --imatrix.",
    ],
    ["imatrix --text x", "An importance matrix is made for a file. Name one with --output."],
    ["imatrix --imatrix x --force", "Nothing is written that --force could replace. Name a file with --output."],
    ["frobnicate", "Unknown command 'frobnicate'. See paramscope --help."],
    ["analyze", "There is nothing to analyse. Name a file or a folder, - for standard input, or use --text."],
    ["analyze x --windo 3", "Unknown option '--windo' (Did you mean --window?) See paramscope --help."],
    [
      "analyze x --threshold ten",
      "Option '--threshold <t>' argument 'ten' is invalid. Write a share, 10%, or an activation, 5e-6. See paramscope --help.",
    ],
    [
      "analyze x --threshold 200%",
      "Option '--threshold <t>' argument '200%' is invalid. A share is above 0% and at most 100%. See paramscope --help.",
    ],
    [
      "analyze x --window 0",
      "Option '--window <n>' argument '0' is invalid. Write a whole number of at least 1. See paramscope --help.",
    ],
    [
      "analyze x --memory lots",
      "Option '--memory <size>' argument 'lots' is invalid. Write a size such as 2GiB or 800MB. See paramscope --help.",
    ],
    ["analyze x --model", "Option '-m, --model <model>' argument missing. See paramscope --help."],
    [
      "analyze x --target best",
      "Option '--target <target>' argument 'best' is invalid. Write spread, max-logit, answer, answer:TEXT, loss, next-token:T (T from 1 on), logit:TOKEN or logit:A-B. See paramscope --help.",
    ],
    [
      "analyze samples/README.md --answer ",
      "The text of --answer is empty. Write one, or --target answer for what the model goes on with.",
    ],
    ["analyze x --deep half", "Unknown option '--deep' (Did you mean one of --help, --seed?) See paramscope --help."],
    ["compare x", "compare needs two texts. Name two files, folders or saved results, or give --text twice."],
    [
      "compare x y z",
      "compare takes two texts, not 3. Name two files, folders or saved results, or give --text twice.",
    ],
    ["compare - -", "Standard input can be only one of the two. Name a file for the other."],
    [
      "compare x y --threshold 5e-6",
      "compare takes the strongest share of each matrix, not an absolute threshold. Write --threshold 10%.",
    ],
    ["analyze - x -", "Standard input is named twice, and can be read once. Name it once."],
    [
      "compare x y --template z",
      "Option '--template <template>' argument 'z' is invalid. Write {text} where the text belongs, or none. See paramscope --help.",
    ],
    [
      "prune x --pattern 4:2",
      "Option '--pattern <n:m>' argument '4:2' is invalid. Write how many of how many go: 2:4 or 4:8. See paramscope --help.",
    ],
    [
      "prune",
      "There is no calibration text: what goes depends on what texts activate. Name files or folders, or write --criterion magnitude --allocation uniform.",
    ],
    ["prune x --chat", "prune takes texts as they are. Leave --chat out."],
    ["prune x --answer y", "prune takes texts as they are, with no answer behind them. Take another target."],
    [
      "estimate prune x --target answer",
      "prune takes texts as they are, with no answer behind them. Take another target.",
    ],
    ["domains x y --prune --chat", "domains --prune takes texts as they are. Leave --chat out."],
    [
      "domains x y --prune --answer z",
      "domains --prune takes texts as they are, with no answer behind them. Take another target.",
    ],
    ["models frob x", "models has no command frob. See paramscope models --help."],
    ["models get gpt2", "gpt2 is no id of a model on the Hugging Face Hub. Write owner/name, or owner/name:file.gguf."],
  ])("%s", async (line, message) => {
    expect(await paramscope(line.split(" "))).toEqual({ code: 2, stdout: "", stderr: `paramscope: ${message}\n` });
  });

  test("no command at all prints the help on standard error", async () => {
    const { code, stdout, stderr } = await paramscope([]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: paramscope <command>");
  });
});
