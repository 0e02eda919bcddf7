import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { ParamscopeError } from "../../errors";
import type { StoredCheckpoint } from "../checkpoint";
import { CheckpointFolder } from "./checkpoint-folder";
import { GgufCheckpoint } from "./gguf-checkpoint";
import { ggufModels } from "./gguf-parts";
import { modelFiles } from "./model-files";
import { INDEX, SINGLE, whatFileIs, whatItIs } from "./other-models";
import { readError } from "./range-file";

/**
 * Opens a Hugging Face model folder, a .gguf file (of a split one any part), or a folder with one GGUF model. Only headers are read.
 * @throws ParamscopeError when it is none of these, is damaged, or holds what is not supported.
 */
export async function openCheckpoint(path: string): Promise<StoredCheckpoint> {
  let names: Set<string> | undefined;
  try {
    if ((await stat(path)).isDirectory()) names = new Set(await readdir(path));
  } catch (error) {
    throw readError(path, error);
  }
  await refuseSpecial(path);
  if (names === undefined) {
    const other = whatFileIs(path);
    if (other) throw other;
    return GgufCheckpoint.open(path);
  }
  const hasWeights = names.has(SINGLE) || names.has(INDEX);
  if (hasWeights && names.has("config.json")) return CheckpointFolder.open(path, names);
  const [gguf, ...others] = ggufModels(names);
  if (gguf !== undefined && others.length === 0 && !hasWeights) return GgufCheckpoint.open(join(path, gguf));
  throw await whatItIs(path, names);
}

/** @throws ParamscopeError for a pipe or a device among the files of a model: who reads one may wait for ever, and no signal ends that. */
async function refuseSpecial(path: string): Promise<void> {
  for (const file of await modelFiles(path)) {
    // what is not there is said by who reads it
    const status = await stat(file).catch(() => undefined);
    if (status && !status.isFile() && !status.isDirectory())
      throw new ParamscopeError(
        `${file} is no regular file, but a pipe or a device.`,
        "Get the model again from where it is published.",
      );
  }
}
