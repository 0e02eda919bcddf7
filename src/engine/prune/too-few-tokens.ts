import { plural } from "../numbers/plural";

/**
 * What SparseGPT's estimate is worth with fewer calibration tokens than a matrix has inputs: the products of inputs `XXᵀ`, `[in, in]`, have at most
 * as high a rank as there are tokens, and can be inverted only for the damping that is added to their diagonal.
 * @param matrices `[out, in]` of all that are pruned.
 * @returns the words; undefined where there are enough tokens.
 */
export function tooFewTokens(tokens: number, matrices: readonly { readonly in: number }[]): string | undefined {
  const inputs = Math.max(0, ...matrices.map((matrix) => matrix.in));
  if (tokens >= inputs) return undefined;
  return (
    `The calibration has ${tokens} ${plural(tokens, "token", "tokens")}, and a matrix up to ${inputs} inputs: of fewer tokens than inputs SparseGPT cannot tell how the weights that stay ` +
    "make up for others, but for its damping. Calibrate with more texts, or with more of each."
  );
}
