import { ParamscopeError } from "../../errors";
import { otherKind } from "../architectures/other-kinds";
import type { StoredCheckpoint, TensorInfo } from "../checkpoint";
import { infos, missingTensor } from "./checkpoint-folder";
import { ChunkBuffers } from "./chunks";
import { GGUF_ARCHITECTURES, type GgufArchitecture } from "./gguf-architectures";
import { ggufConfig } from "./gguf-config";
import { GgufDescription } from "./gguf-description";
import type { GgufValue } from "./gguf-header";
import { GgufMetadata } from "./gguf-metadata";
import { ROPE_FACTORS } from "./gguf-rope";
import { closeAll, openParts, type OpenedPart } from "./gguf-split";
import { ggufAccess, layerValues, type GgufSource } from "./gguf-tensors";
import { joined, type Fragment } from "./joined-rows";
import { quote } from "./quote";
import { unknownTensors } from "./unknown-tensors";
import { accessTo, readTensor, sampleStored, type TensorAccess } from "./tensor-access";

type Reading = Pick<GgufSource, "description" | "architecture">;

/** A model in one .gguf file, or in the parts of one: llama.cpp's conversions are undone, so that it reads as the Hugging Face folder did. */
export class GgufCheckpoint implements StoredCheckpoint {
  readonly format = "gguf";
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** The metadata of the file, which the tokenizer is in. */
  readonly metadata: GgufMetadata;
  /** How it is read. */
  readonly reading: Reading;
  readonly #buffers = new ChunkBuffers();
  readonly #access: ReadonlyMap<string, TensorAccess>;

  private constructor(
    /** The file, or the parts of it, as it is stored. */
    readonly stored: readonly OpenedPart[],
    readonly config: Readonly<Record<string, unknown>>,
    reading: Reading,
    access: ReadonlyMap<string, TensorAccess>,
  ) {
    this.metadata = reading.description.metadata;
    this.reading = reading;
    this.path = this.metadata.path;
    this.tensors = infos(access);
    this.#access = access;
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
      const description = new GgufDescription(
        metadata,
        new Map(parts.flatMap(({ header }) => [...header.tensors])),
        await ropeFactors(parts),
      );
      const config = ggufConfig(description, architecture);
      const access = new Map(layerValues(description, architecture).map((one) => [one.name, one]));
      const unknown: string[] = [];
      const fragments = new Map<string, Fragment[]>();
      for (const { file, header } of parts)
        for (const tensor of header.tensors.values()) {
          if (ROPE_FACTORS.test(tensor.name)) continue;
          const all = ggufAccess(tensor, { file, description, architecture });
          if (all === undefined) unknown.push(tensor.name);
          for (const one of all ?? []) {
            if ("whole" in one) {
              const others = fragments.get(one.whole.name);
              if (others) others.push(one);
              else fragments.set(one.whole.name, [one]);
              continue;
            }
            if (access.has(one.name))
              throw new ParamscopeError(
                `${file.path}: the tensor ${quote(tensor.name)} is also in another part.`,
                "The parts are of different models: download all of them again.",
              );
            access.set(one.name, one);
          }
        }
      for (const own of fragments.values()) {
        const whole = joined(own);
        if (whole !== undefined) access.set(whole.name, whole);
      }
      if (unknown.length > 0) throw unknownTensors(metadata.path, unknown, metadata.architecture, "Use another model.");
      return new GgufCheckpoint(parts, config, { description, architecture }, access);
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
    return closeAll(this.stored.map(({ file }) => file));
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
    `${path}: the architecture ${quote(name)} is ${other === undefined ? "not supported" : `that of ${other}`}.`,
    `Use a model of one of these: ${[...GGUF_ARCHITECTURES.keys()].join(", ")}.`,
  );
}

/** The values of the tensors that are divisors of rotary frequencies, by their names. */
async function ropeFactors(parts: readonly OpenedPart[]): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  for (const { file, header } of parts)
    for (const { name, dimensions, type, offset, bytes } of header.tensors.values()) {
      if (!ROPE_FACTORS.test(name)) continue;
      const columns = dimensions.reduce((product, size) => product * size, 1);
      const values = new Float32Array(columns);
      const stored = { file, offset, type, rows: 1, columns };
      await readTensor(
        accessTo({ name, shape: [columns], type: type.name, bytes }, stored),
        new ChunkBuffers(),
        values,
      );
      found.set(name, [...values]);
    }
  return found;
}
