import type { ScoredModule } from "../model/model";
import type { FloatTensor } from "../runtime/runtime";
import type { RoutedBatch } from "./routed-batch";

/** What the gradients of a matrix are made of, `∂y/∂W = Σ_t δ_tᵀ x_t` of every sample of a batch. */
export interface SiteGradients {
  readonly samples: number;
  readonly positions: number;
  /** The matrix' input, `[samples, positions, in]`. */
  readonly x: FloatTensor;
  /** The gradient of its output, transposed, `[samples, out, positions]`. */
  readonly delta: FloatTensor;
}

/** What the gradients of a block's matrices are made of, for one batch. */
export interface BlockGradients {
  /** `[samples, tokens, hidden]`; undefined where the stage is not the block's last. */
  readonly inputGradient: Float32Array | undefined;
  /** What the gradients of the matrices are made of, by the module's name; none of an expert that no token of the batch reached. */
  readonly sites: ReadonlyMap<string, SiteGradients>;
}

/**
 * A stage of a block's backward pass: some of its matrices, whose weights are loaded. A block without experts has one. Of one with
 * experts each is a stage, in their order; those that no token reached are one together, of which nothing is read; what is left is the last.
 */
export interface GradientStage {
  readonly modules: readonly ScoredModule[];
  /** The gradients of the batch with that number; asked for again, they are computed again. They stay until the batch's workspace is used again. */
  readonly gradients: (batch: number) => Promise<BlockGradients>;
  /** Where the batches are routed; in the last stage of a block with experts. */
  readonly routed?: readonly RoutedBatch[];
}
