import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { StoredCheckpoint } from "../checkpoint";
import { CheckpointFolder } from "./checkpoint-folder";
import { GgufCheckpoint } from "./gguf-checkpoint";
import { ggufModels } from "./gguf-parts";
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
