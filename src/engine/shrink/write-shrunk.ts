import type { ShrinkRequest } from "../api";
import type { ShrinkDocument } from "../document/shrink";
import { isQuantized } from "../model/formats/quantized/schemes";
import type { Model } from "../model/model";
import type { PruneEvents } from "../prune/run-parts";
import {
  stored,
  storedType,
  typeOfAll,
  writeModelFolder,
  writtenApart,
  type StoredTensor,
} from "../prune/export/write-model-folder";
import { planGguf, writeGguf } from "../quantize/export/write-gguf";

/** What a folder holds of what is left: in the types that it is stored in, where these are floats. */
export function shrunkTensors(shrunk: Model, signal?: AbortSignal): StoredTensor[] {
  return writtenApart(shrunk).map((tensor) => stored(shrunk, tensor, storedType(tensor), signal));
}

/** Writes the files that were asked for. @throws ParamscopeError where one cannot be written; it is then as it was. */
export async function* writeShrunk(
  { model, exportTo, ggufTo, signal }: ShrinkRequest,
  shrunk: Model,
): PruneEvents<{ readonly files: ShrinkDocument["files"]; readonly notes: readonly string[] }> {
  const files: ShrinkDocument["files"] = [];
  const notes: string[] = [];
  yield { type: "progress", phase: "write", done: 0, layers: 1, share: 0, secondsLeft: undefined };
  // what a GGUF file cannot say is found out before a folder is there
  const plan = ggufTo && (await planGguf(shrunk));
  if (exportTo) {
    const written = await writeModelFolder(shrunk, model, exportTo, {
      tensors: shrunkTensors(shrunk, signal),
      type: typeOfAll(writtenApart(shrunk).map(storedType)),
    });
    files.push({ kind: "folder", path: exportTo.folder, bytes: written.bytes });
    notes.push(...written.notes);
    if (model.checkpoint.format === "gguf" || isQuantized(model.checkpoint.config))
      notes.push("The model was quantised: what is left was exported as float, not quantised again.");
  }
  if (ggufTo && plan) {
    const bytes = await writeGguf(ggufTo.file, plan, { formatOf: () => undefined, signal });
    files.push({ kind: "gguf", path: ggufTo.file, bytes });
    notes.push(...plan.notes);
  }
  return { files, notes };
}
