import type { GgufCheckpoint } from "../../model/formats/gguf-checkpoint";
import { ChunkBuffers } from "../../model/formats/chunks";
import type { GgufTensor } from "../../model/formats/gguf-header";
import type { OpenedPart } from "../../model/formats/gguf-split";
import { ggufAccess, type Taken } from "../../model/formats/gguf-tensors";
import { ROPE_FACTORS } from "../../model/formats/gguf-rope";
import { accessTo, readTensor } from "../../model/formats/tensor-access";
import { isQuantized } from "../llama-mixture";
import { columnOrderOf, inputsOf, rowsOf, type GgufPlan, type PlannedTensor } from "./plan";

/** What says of a file that it is a part of a split one. */
const SPLIT = "split.";

/** The tensors of a GGUF file, or of all parts of a split one, in their order, and its metadata as they are. */
export async function planFromGguf(checkpoint: GgufCheckpoint): Promise<GgufPlan> {
  const [first] = checkpoint.stored;
  if (first === undefined) throw new Error("a model has a first part");
  const entries = new Map<string, Uint8Array>();
  for (const [key, { from, to }] of first.header.stored) {
    if (key.startsWith(SPLIT)) continue;
    const bytes = new Uint8Array(to - from);
    await first.file.read(bytes, from);
    entries.set(key, bytes);
  }
  const buffers = new ChunkBuffers();
  const alignment = first.header.metadata.get("general.alignment");
  return {
    entries,
    tensors: checkpoint.stored.flatMap((part) =>
      [...part.header.tensors.values()].map((tensor) => plannedTensor(tensor, part, checkpoint, buffers)),
    ),
    notes: [],
    ...(typeof alignment === "number" && { alignment }),
  };
}

function plannedTensor(
  tensor: GgufTensor,
  { file }: OpenedPart,
  { reading }: GgufCheckpoint,
  buffers: ChunkBuffers,
): PlannedTensor {
  const { name, dimensions, type, offset, bytes } = tensor;
  const taken = ROPE_FACTORS.test(name) ? [] : (ggufAccess(tensor, { file, ...reading }) ?? []);
  const from = [...new Set(taken.map(nameOf))];
  const [columns = 0] = dimensions;
  const rows = rowsOf(tensor);
  const info = { name, shape: [rows, columns], type: type.name, bytes };
  const access = accessTo(info, { file, offset, type, rows, columns });
  return {
    name,
    dimensions,
    type: type.name,
    usual: type.name,
    isQuantized: isQuantized(name, dimensions) && taken.length > 0,
    from,
    inputs: inputsOf(name, dimensions, from),
    columnOrder: columnOrderOf(name, reading),
    read: (out, from, to) => readTensor(access, buffers, out, from, to),
    stored: { file, offset, bytes },
  };
}

const nameOf = (taken: Taken): string => ("whole" in taken ? taken.whole.name : taken.name);
