/* What can be chosen of a shrinking; apart from the rest, so that front ends may know it without the engine. */

/** What goes wholly: blocks, feed-forward neurons, heads of attention (with grouped keys: a key head with its query heads), experts. */
export const STRUCTURES = ["layers", "neurons", "heads", "experts"] as const;

export type Structure = (typeof STRUCTURES)[number];

/** What says which of them go, the way that is meant first; `perplexity` is of layers alone. */
export const SHRINK_WAYS = ["activation", "magnitude", "perplexity", "last", "random"] as const;

export type ShrinkWay = (typeof SHRINK_WAYS)[number];

/** The ways that a structure can be chosen by. */
export function waysFor(structure: Structure): ShrinkWay[] {
  return SHRINK_WAYS.filter((way) => way !== "perplexity" || structure === "layers");
}

/** So many layers, or so large a share of the neurons, heads or experts of each layer. */
export type ShrinkAmount =
  { readonly kind: "count"; readonly count: number } | { readonly kind: "share"; readonly share: number };

/** Whether what goes is chosen again once some are gone: of the other ways nothing changes by that. */
export function goesInSteps(way: ShrinkWay): boolean {
  return way === "activation" || way === "perplexity";
}
