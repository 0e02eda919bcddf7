import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ParamscopeError } from "../../errors";
import { plural } from "../../numbers/plural";
import { ggufModels } from "./gguf-parts";
import { quote } from "./quote";
import { readJson } from "./read-json";

export const SINGLE = "model.safetensors";
export const INDEX = "model.safetensors.index.json";

const LANGUAGE_MODEL = "Name a folder that holds a Hugging Face model, or a .gguf file.";
const AS_SAFETENSORS = "Get the model as safetensors, or convert it: transformers' save_pretrained writes safetensors.";

/** A folder that no model can be read from. */
interface Folder {
  readonly path: string;
  /** The names in it, sorted. */
  readonly names: readonly string[];
}

/** What a folder is, and what to do, where it is of one kind; undefined where it is not. */
type Kind = (folder: Folder) => Promise<ParamscopeError | undefined> | ParamscopeError | undefined;

/**
 * What a folder is that holds no model which can be read, and what to do.
 * @param entries the names in it
 */
export async function whatItIs(path: string, entries: Iterable<string>): Promise<ParamscopeError> {
  const folder = { path, names: [...entries].sort() };
  for (const kind of KINDS) {
    const error = await kind(folder);
    if (error) return error;
  }
  return folder.names.includes("config.json")
    ? new ParamscopeError(`${path} holds neither ${SINGLE} nor ${INDEX}.`, LANGUAGE_MODEL)
    : new ParamscopeError(`${path} holds no model: neither config.json nor a .gguf file is in it.`, LANGUAGE_MODEL);
}

/** The first that says something counts: what is told by a name that nothing else has goes before what many have. */
const KINDS: readonly Kind[] = [
  empty,
  adapter,
  diffusionPipeline,
  unfinishedDownload,
  ownCode,
  noConfiguration,
  severalGgufs,
  shardsWithoutIndex,
  variant,
  otherName,
  otherRuntime,
  pickle,
  folderAbove,
];

function empty({ path, names }: Folder): ParamscopeError | undefined {
  return names.length === 0 ? new ParamscopeError(`${path} is an empty folder.`, LANGUAGE_MODEL) : undefined;
}

async function adapter({ path, names }: Folder): Promise<ParamscopeError | undefined> {
  if (!names.includes("adapter_config.json")) {
    const weights = names.find((name) => /^adapter_model\.(safetensors|bin)$/.test(name));
    return weights === undefined
      ? undefined
      : new ParamscopeError(
          `${path} holds an adapter (${weights}), which changes another model and is none by itself.`,
          MERGE,
        );
  }
  const config = await readJson(join(path, "adapter_config.json"), "Download the file again.");
  const { peft_type: type, base_model_name_or_path: base } = config;
  const kind = typeof type === "string" ? ` (${type === "LORA" ? "LoRA" : quote(type, 30)})` : "";
  const named = typeof base === "string" && base !== "";
  return new ParamscopeError(
    `${path} holds an adapter${kind}, not a model: it changes ${named ? `the model ${quote(base)}` : "another model, which it does not name"}.`,
    MERGE,
  );
}

const MERGE =
  "Merge it into the model that it was trained on, with peft's merge_and_unload and save_pretrained, and name the folder that this writes.";

async function diffusionPipeline({ path, names }: Folder): Promise<ParamscopeError | undefined> {
  if (!names.includes("model_index.json")) return undefined;
  const { _class_name: type } = await readJson(join(path, "model_index.json"), "Download the file again.");
  const kind = typeof type === "string" ? ` (${quote(type, 60)})` : "";
  return new ParamscopeError(
    `${path} is a diffusion pipeline${kind}, which makes pictures or sounds, not a language model.`,
    LANGUAGE_MODEL,
  );
}

function unfinishedDownload({ path, names }: Folder): ParamscopeError | undefined {
  const part = names.find((name) => /\.(incomplete|part|partial|crdownload|aria2|download)$/.test(name));
  return part === undefined
    ? undefined
    : new ParamscopeError(`${join(path, part)} is of a download that has not ended.`, "Let it go on to its end.");
}

function ownCode({ path, names }: Folder): ParamscopeError | undefined {
  const weights = names.find((name) => /^consolidated([.-].*)?\.(safetensors|pth|pt)$/.test(name));
  return weights === undefined
    ? undefined
    : new ParamscopeError(
        `${path} holds weights as the code of the model's makers has them (${quote(weights)}), not as transformers has them.`,
        "Get the model in transformers' form, with config.json and model.safetensors, or convert it with transformers.",
      );
}

function noConfiguration({ path, names }: Folder): ParamscopeError | undefined {
  const weights = names.find((name) => name === SINGLE || name === INDEX);
  return weights === undefined || names.includes("config.json")
    ? undefined
    : new ParamscopeError(`${path} holds ${weights} and no config.json.`, "Download config.json into the folder.");
}

function severalGgufs({ path, names }: Folder): ParamscopeError | undefined {
  const models = ggufModels(names);
  if (models.length > 0)
    return new ParamscopeError(
      `${path} holds ${models.length} GGUF models: ${some(models)}.`,
      `Name one of the files, as ${join(path, models[0] ?? "")}.`,
    );
  const beside = names.find((name) => name.endsWith(".gguf"));
  return beside === undefined
    ? undefined
    : new ParamscopeError(
        `${path} holds only ${quote(beside)} as GGUF, which goes beside a model and is none.`,
        "Download the model's own GGUF file.",
      );
}

function shardsWithoutIndex({ path, names }: Folder): ParamscopeError | undefined {
  const shards = names.flatMap((name) => {
    const [, number, count] = /^model-(\d{5})-of-(\d{5})\.safetensors$/.exec(name) ?? [];
    return number === undefined ? [] : [{ number: Number(number), count: Number(count) }];
  });
  const [first] = shards;
  if (first === undefined) return undefined;
  const there = new Set(shards.map(({ number }) => number));
  const lacking = first.count - there.size;
  const others = lacking > 0 ? `, and ${lacking} of ${first.count} shards ${plural(lacking, "is", "are")} missing` : "";
  return new ParamscopeError(
    `${path} holds ${plural(shards.length, "a shard", "shards")} of a model without their index, ${INDEX}${others}.`,
    `Download ${lacking > 0 ? "what is missing" : "the index"} into the folder.`,
  );
}

function variant({ path, names }: Folder): ParamscopeError | undefined {
  for (const name of names) {
    const [, one, two] =
      /^model\.([\w-]+?)(?:-\d{5}-of-\d{5})?\.safetensors$|^model\.safetensors\.index\.(\w+)\.json$/.exec(name) ?? [];
    const label = one ?? two;
    if (label === undefined) continue;
    const isWhole = !/-\d{5}-of-|index/.test(name);
    return new ParamscopeError(
      `${path} has its weights as the variant ${label} (${quote(name)}), and no ${SINGLE}.`,
      isWhole ? `Rename the file to ${SINGLE}.` : `Give the shards and their index the names without ".${label}".`,
    );
  }
  return undefined;
}

function otherName({ path, names }: Folder): ParamscopeError | undefined {
  const files = names.filter((name) => name.endsWith(".safetensors"));
  const [file] = files;
  if (file === undefined) return undefined;
  return new ParamscopeError(
    `${path} has no ${SINGLE}, but ${some(files)}.`,
    files.length === 1
      ? `If these are the weights that config.json describes, rename the file to ${SINGLE}.`
      : "Get the model as transformers' save_pretrained writes it.",
  );
}

/** By their names, what other programs read models from. */
const RUNTIMES: readonly (readonly [of: string, name: RegExp])[] = [
  ["ONNX", /\.onnx$|^onnx$/],
  ["MLX", /^weights(\.\d+)?\.npz$/],
  ["OpenVINO", /^openvino_.*\.xml$/],
  ["Core ML", /\.ml(model|package|modelc)$/],
  ["TensorFlow", /^(tf_model.*\.h5|saved_model\.pb|.*\.tflite)$/],
  ["Flax", /^flax_model.*\.msgpack$/],
  ["TensorRT", /\.(engine|plan)$/],
  ["ExecuTorch", /\.pte$/],
  ["CTranslate2", /^(shared_|source_)?vocabulary\.(json|txt)$/],
  ["ExLlamaV3", /\.exl3$/],
  ["MLC", /^(mlc-chat-config|ndarray-cache)\.json$/],
  ["NeMo", /\.nemo$/],
  ["older GGML", /^ggml-.*\.bin$/],
];

function otherRuntime({ path, names }: Folder): ParamscopeError | undefined {
  for (const [of, pattern] of RUNTIMES) {
    const name = names.find((one) => pattern.test(one));
    if (name === undefined) continue;
    return new ParamscopeError(
      `${path} holds the model in the form of ${of} (${quote(name)}), which is not supported.`,
      "Get the model as safetensors or GGUF.",
    );
  }
  return undefined;
}

/** Files that pickle wrote and that hold weights: whatever else training leaves is passed over. */
const PICKLE = /\.(bin|pt|pth|ckpt)$/;

function pickle({ path, names }: Folder): ParamscopeError | undefined {
  const name = names.find((one) => PICKLE.test(one) && !/^(training_args|optimizer|scheduler|rng_state)/.test(one));
  return name === undefined
    ? undefined
    : new ParamscopeError(
        `${join(path, name)} is a pickle file, which can run code when it is read and is not supported.`,
        AS_SAFETENSORS,
      );
}

/** Folders of a cache of the Hub are three deep: `models--owner--name/snapshots/commit`. */
const DEEPEST = 3;
const MOST_FOLDERS = 200;

async function folderAbove({ path, names }: Folder): Promise<ParamscopeError | undefined> {
  if (names.includes("config.json")) return undefined;
  const found: string[] = [];
  let level: string[] = [path];
  for (let depth = 0; depth < DEEPEST && found.length === 0; depth++) {
    const below: string[] = [];
    for (const folder of level)
      for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => []))
        if (entry.isDirectory() && !entry.name.startsWith(".")) below.push(join(folder, entry.name));
    level = below.sort().slice(0, MOST_FOLDERS);
    for (const folder of level) {
      const inside = await readdir(folder).catch(() => []);
      if (inside.some((name) => name === "config.json" || name.endsWith(".gguf"))) found.push(folder);
    }
  }
  const [first] = found;
  if (first === undefined) return undefined;
  return new ParamscopeError(
    found.length === 1
      ? `${path} holds no model itself, but the folder ${quote(first, 300)} does.`
      : `${path} holds no model itself, but ${found.length} folders in it do.`,
    found.length === 1 ? "Name that folder." : `Name one of them, as ${quote(first, 300)}.`,
  );
}

/** What a file is that is no GGUF file, by its name; undefined where that does not say. */
export function whatFileIs(path: string): ParamscopeError | undefined {
  if (PICKLE.test(path))
    return new ParamscopeError(
      `${path} is a pickle file, which can run code when it is read and is not supported.`,
      "Get the model as safetensors or GGUF.",
    );
  if (path.endsWith(".safetensors") || path.endsWith(INDEX))
    return new ParamscopeError(`${path} is one file of a model.`, "Name the folder that it is in.");
  if (/\.(zip|tar|gz|tgz|zst|xz|7z)$/.test(path))
    return new ParamscopeError(`${path} is an archive.`, "Unpack it, and name the folder of the model.");
  const [of] = RUNTIMES.find(([, pattern]) => pattern.test(path.replace(/.*[/\\]/, ""))) ?? [];
  return of === undefined
    ? undefined
    : new ParamscopeError(
        `${path} is a model in the form of ${of}, which is not supported.`,
        "Get the model as safetensors or GGUF.",
      );
}

function some(names: readonly string[]): string {
  const shown = names
    .slice(0, 4)
    .map((name) => quote(name))
    .join(", ");
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}
