import type { FloatTensor } from "../runtime/runtime";
import type { Checkpoint } from "./checkpoint";

/** Weights of a block, by their names in it. */
export type BlockWeights = Readonly<Record<string, FloatTensor>>;

/**
 * Weights of a model's blocks as they are computed with, which stay in memory from one run to the next as far as they find room: reading and expanding
 * them is a good part of a short text's time. Nobody may change them.
 */
export class KeptWeights {
  readonly #checkpoint: Checkpoint;
  readonly #most: number;
  readonly #layers = new Map<number, BlockWeights>();
  #bytes = 0;

  /** @param most so many bytes at most. */
  constructor(checkpoint: Checkpoint, most: number) {
    this.#checkpoint = checkpoint;
    this.#most = most;
  }

  /** The weights of a layer, of this very checkpoint: what is made of a model has one of its own. */
  of(checkpoint: Checkpoint, layer: number): BlockWeights | undefined {
    return checkpoint === this.#checkpoint ? this.#layers.get(layer) : undefined;
  }

  /** Whether so many bytes would be kept. */
  hasRoom(checkpoint: Checkpoint, bytes: number): boolean {
    return checkpoint === this.#checkpoint && this.#bytes + bytes <= this.#most;
  }

  keep(layer: number, weights: BlockWeights): void {
    this.#layers.set(layer, weights);
    for (const { data } of Object.values(weights)) this.#bytes += data.byteLength;
  }

  /** Lets go of all of them. */
  release(): void {
    this.#layers.clear();
    this.#bytes = 0;
  }
}
