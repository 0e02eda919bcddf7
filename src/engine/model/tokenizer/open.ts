import type { Checkpoint } from "../checkpoint";
import { GgufCheckpoint } from "../formats/gguf-checkpoint";
import { createGgufTokenizer } from "./gguf-tokenizer";
import { openHubTokenizer } from "./hub-tokenizer";
import type { Tokenizer } from "./tokenizer";

/**
 * The tokenizer that came with an opened model.
 * @throws ParamscopeError when there is none, or it is of a kind that is not supported.
 */
export async function openTokenizer(path: string, checkpoint: Checkpoint): Promise<Tokenizer> {
  return checkpoint instanceof GgufCheckpoint ? createGgufTokenizer(checkpoint.metadata) : openHubTokenizer(path);
}
