import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analysis, comparison, frequency } from "./documents";
import { paramscope, repository } from "./session";

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
  await writeFile(join(folder, "saved.paramscope"), JSON.stringify(analysis()));
  await writeFile(join(folder, "saved.json"), savedOtherwise());
  await writeFile(join(folder, "counts.paramscope"), JSON.stringify(frequency()));
  await writeFile(join(folder, "notes.paramscope"), "The river rose in the night.");
  await writeFile(
    join(folder, "half.resume"),
    `${JSON.stringify({ format: "paramscope.resume", key: "" })}\n\0\0\x80\x3f`,
  );
  await copyFile(join(repository, "models", "demo", "model.safetensors"), join(folder, "weights.bin"));
  await writeFile(join(folder, "model.gguf"), Buffer.from("GGUF\x03\0\0\0", "latin1"));
  await writeFile(join(folder, "model.safetensors"), "version https://git-lfs.github.com/spec/v1\n");
  await writeFile(join(folder, "archive.zip"), Buffer.from("PK\x03\x04\x14\0\0\0", "latin1"));
  await mkdir(join(folder, "adapter"));
  await writeFile(
    join(folder, "adapter", "adapter_config.json"),
    JSON.stringify({ peft_type: "LORA", base_model_name_or_path: "Qwen/Qwen2.5-0.5B" }),
  );
  await mkdir(join(folder, "pointers"));
  await writeFile(join(folder, "pointers", "config.json"), JSON.stringify({ model_type: "llama" }));
  await copyFile(join(folder, "model.safetensors"), join(folder, "pointers", "model.safetensors"));
  await mkdir(join(folder, "results"));
  await writeFile(join(folder, "results", "one.paramscope"), JSON.stringify(analysis()));
  await writeFile(join(folder, "results", "two.json"), JSON.stringify(comparison()));
  await copyFile(join(folder, "half.resume"), join(folder, "results", "half.resume"));
  await writeFile(join(folder, "results", "model.gguf"), Buffer.from("GGUF\x03\0\0\0", "latin1"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** As another program writes a document: its fields in another order, and with spaces. */
function savedOtherwise(): string {
  const { format, ...rest } = analysis();
  return JSON.stringify({ ...rest, format }, undefined, 2);
}

const isAnalysis = "is a saved result of Paramscope (an analysis), not a text.";
const openSaved = "Name the texts themselves; a saved analysis opens in VS Code and can be one side of a comparison.";

/** Every command that takes texts, with a saved result in the place of each. */
const commands: readonly string[] = [
  "analyze FILE",
  "analyze a.txt FILE",
  "estimate analyze FILE",
  "neurons FILE",
  "estimate neurons FILE",
  "patch a.txt FILE",
  "prune FILE",
  "prune a.txt --evaluate FILE",
  "domains FILE a.txt",
  "domains a.txt --prune --pool FILE --choose 1",
  "pairs FILE",
  "estimate pairs FILE",
];

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
      "analyze a.txt --model nothing",
      "nothing is an empty folder. Name a folder that holds a Hugging Face model, or a .gguf file.",
    ],
    [
      "analyze a.txt --model adapter",
      "adapter holds an adapter (LoRA), not a model: it changes the model Qwen/Qwen2.5-0.5B. Merge it into the model that it was trained on, with peft's merge_and_unload and save_pretrained, and name the folder that this writes.",
    ],
    [
      "estimate analyze a.txt --model pointers",
      "pointers/model.safetensors is a Git LFS pointer: Git has the file's name and checksum, and has not fetched what is in it. Run `git lfs install` and `git lfs pull` in the folder, or download the file by itself.",
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
    ...commands.map((line): [string, string] => [
      line.replace("FILE", "saved.paramscope"),
      `saved.paramscope ${isAnalysis} ${openSaved}`,
    ]),
    [
      "analyze saved.json",
      `saved.json ${isAnalysis} ${openSaved.replace(" opens", ", under a name that ends in .paramscope, opens")}`,
    ],
    [
      "compare a.txt saved.json",
      `saved.json ${isAnalysis} ${openSaved.replace(" opens", ", under a name that ends in .paramscope, opens")}`,
    ],
    [
      "analyze counts.paramscope",
      "counts.paramscope is a saved result of Paramscope (counts of how often weights are active), not a text. Name the texts themselves; a saved count opens in VS Code.",
    ],
    ["analyze broken.paramscope", `broken.paramscope ${isAnalysis} ${openSaved}`],
    [
      "analyze notes.paramscope",
      "notes.paramscope has the name of a saved result of Paramscope, not of a text. Give it another name if it is a text.",
    ],
    [
      "analyze half.resume",
      "half.resume keeps how far a run of Paramscope is, and is not a text. Name the texts themselves.",
    ],
    [
      "analyze weights.bin",
      "weights.bin is a model (safetensors), not a text. Name a text file; a model is chosen apart from the texts.",
    ],
    [
      "analyze model.gguf",
      "model.gguf is a model (GGUF), not a text. Name a text file; a model is chosen apart from the texts.",
    ],
    [
      "analyze model.safetensors",
      "model.safetensors has the name of a model, not of a text. Give it another name if it is a text.",
    ],
    ["analyze archive.zip", "archive.zip is a binary file, not text. Name a text file."],
    [
      "analyze results",
      "results holds no text files: 1 file of unfinished runs, 1 model file, 2 saved results of Paramscope left out. Name a folder with UTF-8 text files.",
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

  test.each(["analyze -", "neurons -", "prune -", "compare a.txt -"])(
    "%s, where a saved result is piped",
    async (line) => {
      const outcome = await paramscope(line.split(" "), { cwd: folder, input: JSON.stringify(analysis()) });
      const remedy = openSaved.replace(" opens", ", under a name that ends in .paramscope, opens");
      expect(outcome).toEqual({ code: 1, stdout: "", stderr: `paramscope: Standard input ${isAnalysis} ${remedy}\n` });
    },
  );
});
