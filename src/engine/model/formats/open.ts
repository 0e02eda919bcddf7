import { stat } from "node:fs/promises";
import { ParamscopeError } from "../../errors";
import type { StoredCheckpoint } from "../checkpoint";
import { CheckpointFolder } from "./checkpoint-folder";
import { GgufCheckpoint } from "./gguf-checkpoint";
import { readError } from "./range-file";

/**
 * Opens a Hugging Face model folder or a .gguf file. Only headers are read.
 * @throws ParamscopeError when it is neither, is damaged, or holds what is not supported.
 */
export async function openCheckpoint(path: string): Promise<StoredCheckpoint> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (error) {
    throw readError(path, error);
  }
  if (isFolder) return CheckpointFolder.open(path);
  if (/\.(bin|pt|pth|ckpt)$/.test(path)) {
    throw new ParamscopeError(
      `${path} is a pickle file, which can run code when it is read and is not supported.`,
      "Get the model as safetensors or GGUF.",
    );
  }
  if (path.endsWith(".safetensors")) {
    throw new ParamscopeError(`${path} is one file of a model.`, "Name the folder that it is in.");
  }
  return GgufCheckpoint.open(path);
}
