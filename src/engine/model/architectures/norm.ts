/** A normalization of hidden states over their last axis: which tensors it is stored in, and how they are applied. */
export interface Norm {
  readonly kind: "rms" | "layer";
  readonly weight: string;
  /** Layer norms only; undefined: none. */
  readonly bias?: string;
  readonly epsilon: number;
  /** The weight is stored as w and applied as 1 + w (Gemma). */
  readonly plusOne?: boolean;
}
