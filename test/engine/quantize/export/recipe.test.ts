import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openModel } from "../../../../src/engine/model/model";
import { FORMATS, formatForColumns, type FormatName } from "../../../../src/engine/quantize/formats";
import { columnsOf, type GgufPlan, type PlannedTensor } from "../../../../src/engine/quantize/export/plan";
import { quantizeArguments, recipeOf } from "../../../../src/engine/quantize/export/recipe";
import { planGguf, writeGguf } from "../../../../src/engine/quantize/export/write-gguf";
import { llamaCpp, mixedByLlamaCpp } from "../../support/llama-cpp";

async function withDemo(use: (plan: GgufPlan) => Promise<void>): Promise<void> {
  const model = await openModel("models/demo");
  try {
    await use(await planGguf(model));
  } finally {
    await model.close();
  }
}

/** Other formats in the layers' tensors, layer 1 beside layer 10 and 11. */
const CHOSEN: readonly FormatName[] = ["Q8_0", "Q4_0", "Q5_0", "IQ4_NL", "F16", "Q4_1"];

function chosen(tensor: PlannedTensor): FormatName | undefined {
  if (tensor.name === "token_embd.weight") return "Q5_1";
  const [, layer = "", part = ""] = /^blk\.(\d+)\.(\w+)/.exec(tensor.name) ?? [];
  const number = (Number(layer) + part.length) % CHOSEN.length;
  return formatForColumns(CHOSEN[number], columnsOf(tensor));
}

test("a recipe has a line for every tensor, and nothing else", async () => {
  await withDemo((plan) => {
    const { types, options, fileType } = recipeOf(plan.tensors, (tensor) =>
      tensor.name.startsWith("blk.1.") || tensor.name === "token_embd.weight" ? chosen(tensor) : undefined,
    );
    expect(types.split("\n")).toEqual([
      "^blk\\.1\\.attn_q\\.weight$=q4_0",
      "^blk\\.1\\.attn_k\\.weight$=q4_0",
      "^blk\\.1\\.attn_v\\.weight$=q4_0",
      "^blk\\.1\\.attn_output\\.weight$=q8_0",
      "^blk\\.1\\.ffn_gate\\.weight$=iq4_nl",
      "^blk\\.1\\.ffn_up\\.weight$=q4_0",
      "^blk\\.1\\.ffn_down\\.weight$=iq4_nl",
      "",
    ]);
    expect(options).toEqual(["--token-embedding-type", "q5_1"]);
    // no tensor has it
    expect(fileType).toBe("Q4_1");
    return Promise.resolve();
  });
});

test("the command is exact", () => {
  const recipe = { types: "", options: ["--output-tensor-type", "q8_0"], fileType: "Q4_1" };
  const files = { types: "types.txt", from: "dense.gguf", to: "small.gguf", isQuantized: false };
  expect(quantizeArguments(recipe, { ...files, imatrix: "i.gguf" }).join(" ")).toBe(
    "llama-quantize --imatrix i.gguf --output-tensor-type q8_0 --tensor-type-file types.txt dense.gguf small.gguf Q4_1",
  );
  expect(quantizeArguments(recipe, { ...files, isQuantized: true })[1]).toBe("--allow-requantize");
});

/** `enum llama_ftype`. */
const FILE_TYPES: Readonly<Record<string, number>> = { Q4_0: 2, Q4_1: 3, Q8_0: 7, Q5_0: 8, Q5_1: 9 };

test.skipIf(llamaCpp === undefined)("llama.cpp gives each tensor what the recipe says", async () => {
  const folder = mkdtempSync(join(tmpdir(), "paramscope-recipe-"));
  try {
    await withDemo(async (plan) => {
      const dense = join(folder, "dense.gguf");
      await writeGguf(dense, plan, { formatOf: () => "F32" });
      const recipe = recipeOf(plan.tensors, chosen);
      const numberOf = (type: string): number => FORMATS.find(({ name }) => name.toLowerCase() === type)!.ggmlType;
      // as quantize.cpp reads the file: words, up to the first "=" a pattern, in small letters
      const words = recipe.types.split(/\s+/).filter((word) => word !== "");
      const types = Object.fromEntries(
        words.map((word) => [
          word.slice(0, word.indexOf("=")).toLowerCase(),
          numberOf(word.slice(word.indexOf("=") + 1)),
        ]),
      );
      expect(recipe.options[0]).toBe("--token-embedding-type");
      const [[theirs]] = mixedByLlamaCpp(llamaCpp!, [
        {
          file: readFileSync(dense),
          fileTypes: [FILE_TYPES[recipe.fileType]],
          types: { ...types, embedding: numberOf(recipe.options[1]) },
        },
      ]);
      const ours = plan.tensors.map((tensor) => [
        tensor.name,
        (tensor.isQuantized ? chosen(tensor) : undefined) ?? "F32",
      ]);
      expect(Object.fromEntries(Object.entries(theirs ?? {}).map(([name, { type }]) => [name, type]))).toEqual(
        Object.fromEntries(ours),
      );
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
