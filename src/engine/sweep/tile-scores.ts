import { Layout } from "../wasm/layout";
import { growTo, loadKernels } from "../wasm/load-kernels";
import type { SetMembers } from "./batch-sets";
import wasm, { type Kernels } from "./kernels/scores.wasm";
import type { Score } from "./score-graphs";

/** Values of the kernel's strip. */
const STRIP = 1024;

/** Gradients of a tile, and what they are multiplied by, to be filled in. */
export interface GradientTile {
  /** `[samples, size]` */
  readonly gradients: Float32Array;
  /** `[size]`; not read for squares. */
  readonly weights: Float32Array;
  /** Scores of every set, `[size]` each; gradients may have made room for them. */
  scores(): Float32Array[];
}

/**
 * Forms scores of tiles in memory of its own, which a runtime writes gradients into: one pass, where operations of a runtime make three, each
 * writing what the next one reads.
 */
export class TileScores {
  #loaded: ReturnType<typeof loadKernels<Kernels>> | undefined;
  readonly #score: Score;

  constructor(score: Score) {
    this.#score = score;
  }

  /** Arrays for a tile of `size` values; the last tile's, and its scores, are no longer valid. */
  tile(size: number, samples: number, sets: readonly SetMembers[]): GradientTile {
    // a set of one sample takes its place
    const isEach = sets.length === samples && sets.every(isAlone);
    const layout = new Layout();
    const strip = layout.place(4 * STRIP);
    const members = layout.place(4 * samples);
    const shares = layout.place(4 * samples);
    const weights = layout.place(4 * size);
    const gradients = layout.place(4 * size * samples);
    const sums = isEach ? gradients : layout.place(4 * size * sets.length);
    // a sweep of products alone has no tile here, and takes no memory
    const { kernels, memory } = (this.#loaded ??= loadKernels(wasm, 0));
    growTo(memory, layout.end);

    const { buffer } = memory;
    const memberOf = new Uint32Array(buffer, members, samples);
    const shareOf = new Float32Array(buffer, shares, samples);
    return {
      gradients: new Float32Array(buffer, gradients, size * samples),
      weights: new Float32Array(buffer, weights, size),
      scores: () =>
        sets.map((set, i) => {
          memberOf.set(set.samples);
          shareOf.set(set.shares);
          const count = set.samples.length;
          const at = sums + 4 * size * i;
          if (this.#score === "activation")
            kernels.activations(gradients, size, members, shares, count, weights, at, strip);
          else kernels.squares(gradients, size, members, shares, count, at, strip);
          return new Float32Array(buffer, at, size);
        }),
    };
  }
}

const isAlone = ({ samples }: SetMembers, index: number): boolean => samples.length === 1 && samples[0] === index;
