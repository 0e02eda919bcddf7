import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openModel } from "../../../../src/engine/model/model";
import { failureOf } from "../../support/errors";
import { ModelCopy } from "../../support/model-copy";
import { ggufFile } from "../../support/write-gguf";

type Content = string | Uint8Array | Record<string, unknown>;

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"4d7a".repeat(16)}\nsize 988097824\n`;
const llama = { model_type: "llama" };
const ONE = "model.safetensors";

/** Folders that people have, and what of them is named: each is told what it is, and what to do. */
const folders: readonly (readonly [what: string, files: Record<string, Content>, named?: string])[] = [
  ["an empty folder", {}],
  ["a folder of something else", { "notes.txt": "" }],
  ["Git LFS pointers: weights", { "config.json": llama, [ONE]: POINTER }],
  ["Git LFS pointers: the configuration", { "config.json": POINTER, [ONE]: POINTER }],
  ["Git LFS pointers: a GGUF file", { "model.gguf": POINTER }, "model.gguf"],
  [
    "a LoRA adapter",
    {
      "adapter_config.json": { peft_type: "LORA", base_model_name_or_path: "Qwen/Qwen2.5-0.5B" },
      "adapter_model.safetensors": "",
    },
  ],
  ["an adapter that names no model", { "adapter_config.json": {}, "config.json": llama }],
  ["an adapter without its configuration", { "adapter_model.bin": "" }],
  ["a diffusion pipeline", { "model_index.json": { _class_name: "StableDiffusionPipeline" }, "unet/config.json": {} }],
  ["a download that has not ended", { "config.json": llama, "model.safetensors.incomplete": "" }],
  ["Mistral's own form", { "consolidated.safetensors": "", "params.json": {}, "tokenizer.model.v3": "" }],
  ["Meta's own form", { "consolidated.00.pth": "", "params.json": {} }],
  ["weights without a configuration", { [ONE]: "" }],
  ["GGUF models, of which none is named", { "a-Q4_0.gguf": "", "a-Q8_0.gguf": "", "config.json": llama }],
  ["only a projector", { "mmproj-model-f16.gguf": "" }],
  ["shards without their index", { "config.json": llama, ...shards(1, 2) }],
  ["some shards without their index", { "config.json": llama, ...shards(2) }],
  [
    "an index of which shards are missing",
    {
      "config.json": llama,
      "model.safetensors.index.json": { weight_map: { a: shard(1), b: shard(2) } },
      [shard(1)]: "",
    },
  ],
  ["a variant", { "config.json": llama, "model.fp16.safetensors": "" }],
  [
    "a variant in shards",
    {
      "config.json": llama,
      "model.safetensors.index.bf16.json": {},
      "model.bf16-00001-of-00002.safetensors": "",
    },
  ],
  ["weights of another name", { "config.json": llama, "weights.safetensors": "" }],
  ["pickle files only", { "config.json": llama, "pytorch_model.bin": "", "training_args.bin": "" }],
  ["ONNX", { "config.json": llama, "onnx/model.onnx": "" }],
  ["MLX arrays", { "config.json": llama, "weights.npz": "" }],
  ["TensorFlow", { "config.json": llama, "tf_model.h5": "" }],
  ["CTranslate2", { "config.json": {}, "model.bin": "", "vocabulary.json": {} }],
  ["a configuration alone", { "config.json": llama, "tokenizer.json": {} }],
  ["a folder above a model", { "Qwen2.5/config.json": llama, "readme.md": "" }],
  ["a folder above models", { "a/config.json": llama, "b/model.gguf": "" }],
  [
    "a cache of the Hub",
    { "models--a--b/snapshots/0123abcd/config.json": llama, "models--a--b/refs/main": "0123abcd" },
  ],
  ["one file of a model", { "config.json": llama, [ONE]: "" }, ONE],
  ["an archive", { "model.zip": "" }, "model.zip"],
  ["an ONNX file", { "model.onnx": "" }, "model.onnx"],
  ["a text", { "notes.txt": "The river rose in the night." }, "notes.txt"],
  ["a GGUF file of an encoder", { "e.gguf": ggufFile({ "general.architecture": "nomic-bert" }) }],
  ["a GGUF file of a projector", { "p.gguf": ggufFile({ "general.architecture": "clip" }) }],
  ["a GGUF file of an adapter", { "l.gguf": ggufFile({ "general.architecture": "llama", "general.type": "adapter" }) }],
  ["a GGUF file of an importance matrix", { "i.gguf": ggufFile({ "general.type": "imatrix" }) }, "i.gguf"],
];

function shard(number: number): string {
  return `model-0000${number}-of-00002.safetensors`;
}

function shards(...numbers: number[]): Record<string, string> {
  return Object.fromEntries(numbers.map((number) => [shard(number), ""]));
}

/** A model's folder whose configuration is of another kind. */
const configurations: readonly (readonly [what: string, change: Record<string, unknown>])[] = [
  ["an encoder", { model_type: "bert" }],
  ["an encoder and a decoder", { model_type: "t5" }],
  ["a model of pictures", { model_type: "siglip" }],
];

const root = mkdtempSync(join(tmpdir(), "paramscope-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

test("whatever is no model is told what it is", async () => {
  const told: string[] = [];
  for (const [what, files, named] of folders) {
    const folder = join(root, what.replaceAll(/\W+/g, "-"));
    mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      const isObject = typeof content === "object" && !ArrayBuffer.isView(content);
      writeFileSync(join(folder, name), isObject ? JSON.stringify(content) : content);
    }
    const line = await failureOf(() => openModel(named === undefined ? folder : join(folder, named)));
    told.push(`${what}:\n  ${line.replaceAll(folder, "MODEL")}`);
  }
  const toldOf = async (what: string, copy: ModelCopy): Promise<void> => {
    const line = await failureOf(() => openModel(copy.path));
    told.push(`${what}:\n  ${line.replaceAll(copy.path, "MODEL")}`);
    await copy.remove();
  };
  for (const [what, change] of configurations)
    await toldOf(what, await ModelCopy.of("llama", { config: (config) => ({ ...config, ...change }) }));
  const embeddings = await ModelCopy.of("llama", { config: (config) => ({ ...config, model_type: "bert" }) });
  writeFileSync(join(embeddings.path, "modules.json"), "[]");
  await toldOf("a model of sentence embeddings", embeddings);
  const pointers = await ModelCopy.of("llama", {});
  writeFileSync(join(pointers.path, "tokenizer.json"), POINTER);
  await toldOf("Git LFS pointers: the tokenizer", pointers);
  const classifier = await ModelCopy.of("llama", {
    config: (config) => ({ ...config, architectures: ["LlamaForSequenceClassification"] }),
    tensors: (tensors) => void tensors.delete("lm_head.weight"),
  });
  await toldOf("a classifier", classifier);
  for (const [what, head, built] of [
    ["a classifier with a tied vocabulary", "score.weight", "Qwen3ForSequenceClassification"],
    ["a model of tokens' classes", "classifier.weight", "GPT2ForTokenClassification"],
    ["a reward model", "reward_head.weight", "LlamaForRewardModel"],
  ] as const) {
    const copy = await ModelCopy.of("llama", {
      config: (config) => ({ ...config, architectures: [built] }),
      tensors: (tensors) => {
        const of = tensors.get("model.norm.weight");
        if (of) tensors.set(head, of);
      },
    });
    await toldOf(what, copy);
  }
  await expect(`${told.join("\n")}\n`).toMatchFileSnapshot("other-models.txt");
});
