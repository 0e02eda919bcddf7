import { elementAt } from "../../numbers/elements";
import { formatBytes } from "../../numbers/bytes";
import { ParamscopeError } from "../../errors";
import { GGUF_ARCHITECTURES } from "../formats/gguf-architectures";
import { namesOfParts } from "../formats/gguf-parts";
import { quote } from "../formats/quote";
import type { RemoteFile } from "./client";
import { formatModelId, isReserved, type ModelId } from "./id";
import { largestDescription, largestModel, mostShards } from "./limits";

export const weights = "model.safetensors";
export const weightsIndex = "model.safetensors.index.json";

const needed = ["config.json", "tokenizer.json"];
const optional = [
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "chat_template.jinja",
  "generation_config.json",
];

/** What describes a model: everything of it that is taken but its weights. */
export interface Descriptions {
  readonly config: RemoteFile;
  readonly others: readonly RemoteFile[];
  /** The index of the shards; undefined for a model in one file. */
  readonly index: RemoteFile | undefined;
}

/** Whether a repository holds a model folder's weights. */
export function holdsWeights(files: readonly RemoteFile[]): boolean {
  return files.some(({ path }) => path === weights || path === weightsIndex);
}

/**
 * The descriptions of a repository that holds a model folder. Nothing else of it is taken, whatever it holds.
 * @throws ParamscopeError when it holds none that can be read, with what it holds instead.
 */
export function chooseDescriptions(id: ModelId, files: readonly RemoteFile[]): Descriptions {
  const find = (name: string): RemoteFile | undefined => files.find(({ path }) => path === name);
  if (!holdsWeights(files)) throw noWeights(id, files);
  for (const name of needed) {
    if (find(name) === undefined) {
      throw new ParamscopeError(
        `${id.repository} has no ${name}.`,
        name === "tokenizer.json"
          ? "Its tokenizer is in an older form: transformers' AutoTokenizer can load it and save a tokenizer.json."
          : "Choose a repository that holds a transformers model.",
      );
    }
  }
  const index = find(weights) === undefined ? find(weightsIndex) : undefined;
  const found = [...needed, ...optional].map(find).filter((file) => file !== undefined);
  const [config, others] = [elementAt(found, 0), found.slice(1)];
  for (const { path, size } of [config, ...others, ...(index ? [index] : [])]) {
    if (size > largestDescription) {
      throw new ParamscopeError(
        `${path} of ${id.repository} would have ${formatBytes(size)}; no such file has more than ${formatBytes(largestDescription)}.`,
        "Choose another repository.",
      );
    }
  }
  return { config, others, index };
}

/**
 * The files that hold the weights: the single one, or the shards that the index names.
 * @throws ParamscopeError when the index is none, or names what is not there.
 */
export function chooseWeights(id: ModelId, files: readonly RemoteFile[], index: unknown): RemoteFile[] {
  const names = index === undefined ? [weights] : shardsOf(id, index);
  return checkTotal(
    id,
    names.map((name) => {
      const file = files.find(({ path }) => path === name);
      if (file !== undefined) return file;
      throw new ParamscopeError(`${id.repository} lacks ${quote(name)}, which its index names.`, "Choose another one.");
    }),
  );
}

function shardsOf({ repository }: ModelId, index: unknown): string[] {
  const map = typeof index === "object" && index !== null && "weight_map" in index ? index.weight_map : undefined;
  if (typeof map !== "object" || map === null) {
    throw new ParamscopeError(`${weightsIndex} of ${repository} has no weight_map.`, "Choose another repository.");
  }
  const names = new Set<string>();
  for (const name of Object.values(map) as unknown[]) {
    // A shard is a file of this folder: a path would lead out of it.
    if (
      typeof name !== "string" ||
      !/^(?!.*\.\.)[A-Za-z0-9][\w.-]{0,200}\.safetensors$/.test(name) ||
      isReserved(name)
    ) {
      throw new ParamscopeError(
        `${weightsIndex} of ${repository} names ${quote(String(name))} as a file of the model.`,
        "Choose another repository.",
      );
    }
    names.add(name);
  }
  if (names.size === 0 || names.size > mostShards) {
    throw new ParamscopeError(
      `${weightsIndex} of ${repository} names ${names.size} files; a model has 1 to ${mostShards}.`,
      "Choose another repository.",
    );
  }
  return [...names].sort();
}

/**
 * The GGUF file that is asked for, and of a split one all parts, in their order.
 * @throws ParamscopeError when the repository has no such file, or lacks parts of it.
 */
export function chooseGguf(id: ModelId, file: string, files: readonly RemoteFile[]): RemoteFile[] {
  const there = new Map(files.map((one) => [one.path, one]));
  const names = namesOfParts(file);
  // A damaged or hostile name may say any number of parts.
  if (names.length > mostShards)
    throw new ParamscopeError(
      `${formatModelId(id)} would have ${names.length} parts; no model has more than ${mostShards}.`,
      "Choose another file.",
    );
  const missing = names.filter((name) => !there.has(name));
  if (missing.length === names.length) {
    const others = ggufNames(files);
    throw new ParamscopeError(
      `${id.repository} has no file ${file}.`,
      others.length > 0 ? `It has ${some(others)}.` : "It has no GGUF files at all.",
    );
  }
  if (missing.length > 0)
    throw new ParamscopeError(
      `${id.repository} lacks ${missing.length} of the ${names.length} parts of ${file}: ${some(missing)}.`,
      "Choose another file.",
    );
  return checkTotal(
    id,
    names.flatMap((name) => there.get(name) ?? []),
  );
}

/**
 * Looks at the beginning of a GGUF file, where writers put the architecture first.
 * @throws ParamscopeError when it is no GGUF file, or of an architecture that is not supported.
 */
export function checkGguf(id: ModelId, head: Uint8Array): void {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const text = (at: number, length: number): string => new TextDecoder().decode(head.subarray(at, at + length));
  if (text(0, 4) !== "GGUF") {
    throw new ParamscopeError(`${formatModelId(id)} is no GGUF file.`, "Choose another file.");
  }
  const key = "general.architecture";
  // Magic, version, two counts of 8 bytes, then the first key; a string has its length in front, in 8 bytes.
  const value = 32 + key.length + 4;
  if (head.byteLength < value + 8 || text(32, key.length) !== key) return;
  const architecture = text(value + 8, Math.min(Number(view.getBigUint64(value, true)), 80));
  if (!GGUF_ARCHITECTURES.has(architecture)) {
    throw new ParamscopeError(
      `${formatModelId(id)} has the architecture '${quote(architecture)}', which is not supported.`,
      `Supported are ${[...GGUF_ARCHITECTURES.keys()].join(", ")}.`,
    );
  }
}

function checkTotal({ repository }: ModelId, files: RemoteFile[]): RemoteFile[] {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total <= largestModel) return files;
  throw new ParamscopeError(
    `${repository} would take ${formatBytes(total)}; no open model takes more than ${formatBytes(largestModel)}.`,
    "Choose another repository.",
  );
}

function noWeights({ repository }: ModelId, files: readonly RemoteFile[]): ParamscopeError {
  const gguf = ggufNames(files);
  if (gguf.length > 0) {
    return new ParamscopeError(
      `${repository} holds GGUF files: one of them has to be named.`,
      `Write ${repository}:FILE with one of ${some(gguf)}.`,
    );
  }
  const pickle = files.find(
    ({ path }) => /^[^/]+\.(bin|pt|pth|ckpt)$/.test(path) && !/^(training_args|optimizer)/.test(path),
  );
  if (pickle !== undefined) {
    return new ParamscopeError(
      `${repository} has its weights only as ${quote(pickle.path)}, a pickle file, which can run code when it is read and is never downloaded.`,
      "Choose a repository with safetensors, or convert it: transformers' save_pretrained writes safetensors.",
    );
  }
  return new ParamscopeError(
    `${repository} holds neither ${weights} nor ${weightsIndex}.`,
    "Choose a repository that holds a language model in transformers' form, or GGUF files.",
  );
}

function ggufNames(files: readonly RemoteFile[]): string[] {
  return files.map(({ path }) => path).filter((path) => path.endsWith(".gguf"));
}

function some(names: readonly string[]): string {
  const shown = names
    .slice(0, 8)
    .map((name) => quote(name))
    .join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
