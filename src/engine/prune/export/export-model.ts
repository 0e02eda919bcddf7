import type { ExportTarget } from "../../api";
import type { TensorInfo } from "../../model/checkpoint";
import { blockTensor, modulesAt, type Model } from "../../model/model";
import { CompressedSizes } from "./compressed-size";
import type { FloatType } from "./encode-floats";
import {
  bytesOf,
  stored,
  storedType,
  typeOfAll,
  writeModelFolder,
  writtenApart,
  type WrittenFolder,
} from "./write-model-folder";

/** What was written of a pruned model. */
export interface Exported extends WrittenFolder {
  /** What the weights take when zstd compresses them, and what those of the dense model, as it stores them, or as float32. */
  readonly compressed: { readonly pruned: number; readonly dense: number };
  /** The type of the weights: `F32`, or what they were stored as. */
  readonly type: string;
}

/**
 * Writes a pruned model as transformers loads it. Weights that were stored as floats and did not change keep their type; others are float32.
 * @param dense the model as it was, to compare what compression makes of both
 * @param changed the matrices hold values that their type may not
 * @throws ParamscopeError when the folder cannot be written, or is there; the signal's reason when aborted.
 */
export async function exportModel(
  model: Model,
  dense: Model,
  target: ExportTarget,
  changed: boolean,
  signal: AbortSignal | undefined,
): Promise<Exported> {
  const isMatrix = matricesOf(model);
  const typeOf = typesOf(isMatrix, changed);
  const type = typeOfAll([...model.checkpoint.tensors.values()].map(typeOf));
  const pruned = writtenApart(model).map((tensor) => ({ tensor, own: stored(model, tensor, typeOf(tensor), signal) }));
  const sizes = await CompressedSizes.load(bytesOf(pruned.map(({ own }) => own)));
  const tensors = pruned.map(({ tensor, own }) => {
    const before = isMatrix(tensor.name) ? stored(dense, tensor, storedType(tensor), signal) : undefined;
    const pieces = async function* () {
      const ofDense = before?.pieces();
      for await (const piece of own.pieces()) {
        const other = await ofDense?.next();
        sizes.add(piece, other?.value ?? undefined);
        yield piece;
      }
    };
    return { ...own, pieces };
  });
  const written = await writeModelFolder(model, dense, target, { tensors, type });
  return { ...written, compressed: sizes.sizes, type };
}

/** What the weights will take. @param changed the matrices will hold values that their type may not */
export function exportedBytes(model: Model, changed: boolean): number {
  const typeOf = typesOf(matricesOf(model), changed);
  return bytesOf(writtenApart(model).map((tensor) => stored(model, tensor, typeOf(tensor), undefined)));
}

/** Whether a tensor is a scored matrix. */
function matricesOf(model: Model): (name: string) => boolean {
  const matrices = new Set(
    model.blocks.flatMap((_, layer) =>
      modulesAt(model, layer).map(({ name }) => blockTensor(model, layer, `${name}.weight`)),
    ),
  );
  return (name) => matrices.has(name);
}

/** What each tensor is written as. */
function typesOf(isMatrix: (name: string) => boolean, changed: boolean): (tensor: TensorInfo) => FloatType {
  return (tensor) => (changed && isMatrix(tensor.name) ? "F32" : storedType(tensor));
}
