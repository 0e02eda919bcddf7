/** A normalization of hidden states over their last axis: which tensors it is stored in, and how they are applied. */
export interface Norm {
  readonly kind: "rms" | "layer";
  /** undefined: none, of layer norms. */
  readonly weight?: string;
  /** Layer norms only; undefined: none. */
  readonly bias?: string;
  readonly epsilon: number;
  /** The weight is stored as w and applied as 1 + w (Gemma, Nemotron). */
  readonly plusOne?: boolean;
}

/** How all norms of a model are: what they have, and what is the same in them. */
export interface NormStyle extends Omit<Norm, "weight" | "bias"> {
  /** Which tensors a norm has. */
  readonly tensors: "weight and bias" | "weight" | "none";
}

/** The norm of that name. */
export function normOf({ tensors, ...style }: NormStyle, name: string): Norm {
  return {
    ...style,
    ...(tensors !== "none" && { weight: `${name}.weight` }),
    ...(tensors === "weight and bias" && { bias: `${name}.bias` }),
  };
}
