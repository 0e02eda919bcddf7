import { LastResult } from "../run/last-result";

/** The largest hidden states that are kept: those of 16 windows of 512 tokens, of a model of 7 billion parameters. */
const MOST_BYTES = 2 ** 27;

/**
 * What a model made of the last texts before it was pruned. Handed from run to run it spares every other pruning of that model
 * to run the dense one again: hidden states are kept rather than perplexities, since divergence needs every token's logits.
 */
export class DenseResults {
  /** The hidden states behind the last block at every position that predicts a token of the evaluated windows, `[positions, hidden]`. */
  readonly states = new LastResult<Float32Array>();
  /** How the prompt was continued. */
  readonly continuation = new LastResult<string>();

  /** Whether hidden states of so many bytes are kept. */
  static keeps(bytes: number): boolean {
    return bytes <= MOST_BYTES;
  }
}
