import { ParamscopeError } from "../../errors";
import { elementAt } from "../../numbers/elements";
import { otherKind } from "../architectures/other-kinds";
import type { StoredCheckpoint, TensorInfo } from "../checkpoint";
import { infos, missingTensor } from "./checkpoint-folder";
import { ChunkBuffers } from "./chunks";
import { GGUF_ARCHITECTURES, ROPE_TENSORS, UNUSED_TENSORS, type GgufArchitecture } from "./gguf-architectures";
import { ggufConfig } from "./gguf-config";
import type { GgufTensor, GgufValue } from "./gguf-header";
import { GgufMetadata } from "./gguf-metadata";
import { closeAll, openParts } from "./gguf-split";
import { quote } from "./quote";
import type { RangeFile } from "./range-file";
import type { RowOrder } from "./read-weights";
import { accessTo, readTensor, sampleStored, type TensorAccess } from "./tensor-access";

/** A model in one .gguf file, or in the parts of one: llama.cpp's conversions are undone, so that it reads as the Hugging Face folder did. */
export class GgufCheckpoint implements StoredCheckpoint {
  readonly format = "gguf";
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly #buffers = new ChunkBuffers();
  readonly #access: ReadonlyMap<string, TensorAccess>;
  readonly #files: readonly RangeFile[];

  private constructor(
    files: readonly RangeFile[],
    readonly config: Readonly<Record<string, unknown>>,
    /** The metadata of the file, which the tokenizer is in. */
    readonly metadata: GgufMetadata,
    access: ReadonlyMap<string, TensorAccess>,
  ) {
    this.path = metadata.path;
    this.tensors = infos(access);
    this.#access = access;
    this.#files = files;
  }

  /**
   * @param path of the file; of a split one any part
   * @throws ParamscopeError when a file is damaged or missing, or holds what is not supported.
   */
  static async open(path: string): Promise<GgufCheckpoint> {
    const parts = await openParts(path);
    const files = parts.map(({ file }) => file);
    try {
      const [first] = parts;
      if (first === undefined) throw new Error("a model has a first part");
      refuseOtherKind(first.file.path, first.header.metadata);
      const metadata = new GgufMetadata(first.file.path, first.header.metadata);
      const architecture = supported(metadata);
      const config = ggufConfig(metadata, architecture, new Map(parts.flatMap(({ header }) => [...header.tensors])));
      const access = new Map<string, TensorAccess>();
      for (const { file, header } of parts)
        for (const tensor of header.tensors.values()) {
          if (UNUSED_TENSORS.test(tensor.name)) continue;
          const one = ggufAccess(tensor, { file, metadata, architecture, config });
          if (access.has(one.name))
            throw new ParamscopeError(
              `${file.path}: the tensor ${quote(tensor.name)} is also in another part.`,
              "The parts are of different models: download all of them again.",
            );
          access.set(one.name, one);
        }
      return new GgufCheckpoint(files, config, metadata, access);
    } catch (error) {
      await closeAll(files);
      throw error;
    }
  }

  async read(name: string, out: Float32Array, from?: number, to?: number): Promise<void> {
    const tensor = this.#access.get(name);
    if (!tensor) throw missingTensor(this.path, name);
    await readTensor(tensor, this.#buffers, out, from, to);
  }

  sampleStored(name: string, offsets: readonly number[], into: Uint8Array): void {
    const tensor = this.#access.get(name);
    if (!tensor) throw missingTensor(this.path, name);
    sampleStored(tensor, offsets, into);
  }

  close(): Promise<void> {
    return closeAll(this.#files);
  }
}

/** What there is beside language models as GGUF files, by `general.type` and `general.architecture`. */
const OTHER_KINDS: ReadonlyMap<unknown, readonly [is: string, remedy: string]> = new Map([
  [
    "adapter",
    [
      "an adapter (LoRA), which changes a model and is none",
      "Merge it with llama-export-lora, and name the merged file.",
    ],
  ],
  ["imatrix", ["an importance matrix, of which models are quantized, and no model", "Name the model's own GGUF file."]],
  ["mmproj", ["the projector of a model's pictures or sounds (mmproj)", "Name the model's own GGUF file."]],
  ["clip", ["the projector of a model's pictures or sounds (mmproj)", "Name the model's own GGUF file."]],
  ["controlvector", ["a control vector, which steers a model and is none", "Name the model's own GGUF file."]],
  ["diffusion", ["a diffusion model, which makes pictures", "Name a language model."]],
]);

/** @throws ParamscopeError naming what it is instead of a language model. */
function refuseOtherKind(path: string, metadata: ReadonlyMap<string, GgufValue>): void {
  for (const key of ["general.type", "general.architecture"]) {
    const [is, remedy] = OTHER_KINDS.get(metadata.get(key)) ?? [];
    if (is !== undefined) throw new ParamscopeError(`${path} is ${is}.`, remedy);
  }
}

function supported(metadata: GgufMetadata): GgufArchitecture {
  const { path, architecture: name } = metadata;
  const architecture = GGUF_ARCHITECTURES.get(name);
  if (architecture) return architecture;
  const other = otherKind(name);
  throw new ParamscopeError(
    `${path}: the architecture ${name} is ${other === undefined ? "not supported" : `that of ${other}`}.`,
    `Use a model of one of these: ${[...GGUF_ARCHITECTURES.keys()].join(", ")}.`,
  );
}

/** What a file says of its model, whose architecture is supported. */
interface GgufSource {
  readonly file: RangeFile;
  readonly metadata: GgufMetadata;
  readonly architecture: GgufArchitecture;
  readonly config: Readonly<Record<string, unknown>>;
}

function ggufAccess(tensor: GgufTensor, source: GgufSource): TensorAccess {
  const { file, architecture } = source;
  const { name: ggufName, dimensions, type, offset, bytes } = tensor;
  const { name, part } = hubName(ggufName, source);
  const shape = dimensions.toReversed();
  const [columns = 1, ...others] = dimensions;
  const rows = others.reduce((product, size) => product * size, 1);
  return accessTo(
    { name, shape, type: type.name, bytes },
    { file, offset, type, rows, columns },
    {
      order: rowOrder(part, elementAt(shape, 0), source),
      added: architecture.normsPlusOne && ggufName.endsWith("norm.weight") ? 1 : undefined,
    },
  );
}

/** The Hugging Face name, and the name of the part inside a block (empty outside). */
function hubName(ggufName: string, { file, metadata, architecture }: GgufSource): { name: string; part: string } {
  if (ROPE_TENSORS.test(ggufName)) return { name: ggufName, part: "" };
  const [, layer = "", part = "", kind = ""] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(ggufName) ?? [];
  const inBlock = own(architecture.inside, part);
  if (inBlock !== undefined) return { name: `${architecture.blocks}.${layer}.${inBlock}.${kind}`, part };
  const [, name = "", ofName = ""] = /^(\w+)\.(weight|bias)$/.exec(ggufName) ?? [];
  const outside = own(architecture.outside, name);
  if (outside !== undefined) return { name: `${outside}.${ofName}`, part: "" };
  // A tensor that is left out would be a computation that is approximated.
  throw new ParamscopeError(
    `${file.path}: the tensor ${quote(ggufName)} is not part of the architecture ${metadata.architecture} as it is supported.`,
    "Use another model.",
  );
}

/** A name from a file may be one that every object has. */
function own(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

function rowOrder(part: string, rows: number, { metadata, architecture, config }: GgufSource): RowOrder | undefined {
  const heads = metadata.ownOrThrow("attention.head_count");
  if (architecture.permuted && (part === "attn_q" || part === "attn_k")) {
    const count = part === "attn_q" ? heads : Number(config.num_key_value_heads);
    return halvesFromPairs(rows / count);
  }
  if (architecture.fusedByPart && part === "attn_qkv") return headsFromParts(heads, rows / heads / 3);
  return undefined;
}

/**
 * llama.cpp rotates neighbouring rows of a head, transformers row j with row j + size/2: `LlamaModel.permute` moved row
 * (half s, j) of each head to 2j + s.
 */
function halvesFromPairs(headSize: number): RowOrder {
  const half = headSize / 2;
  return (row) => {
    const inHead = row % headSize;
    return row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
  };
}

/** Row (head h, part p, d) of transformers' GPT-NeoX is row (p, h, d) in the file. */
function headsFromParts(heads: number, headSize: number): RowOrder {
  return (row) => {
    const head = Math.floor(row / (3 * headSize));
    const part = Math.floor(row / headSize) % 3;
    return (part * heads + head) * headSize + (row % headSize);
  };
}
