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

/** How much is offered first: so many layers, so large a share of the others. */
export const USUAL_AMOUNTS: Readonly<Record<Structure, number>> = {
  layers: 2,
  neurons: 0.2,
  heads: 0.25,
  experts: 0.25,
};

/** How many of so many go; of a share as many as come next to it. */
export function countOf(amount: ShrinkAmount, of: number): number {
  return amount.kind === "count" ? amount.count : Math.round(amount.share * of);
}

/** Unless a number is asked for, what is left is measured anew for each layer, and of units so often, where that many go. */
const USUAL_STEPS = 4;

/** In how many steps so many go, unless a number is asked for. */
export function usualSteps(structure: Structure, removed: number): number {
  return structure === "layers" ? removed : Math.min(USUAL_STEPS, removed);
}

/** How many of what a model has can go; or why none can. */
export type StructureChoice =
  | {
      readonly structure: Structure;
      /** Layers of the model, else neurons, heads or experts of each layer; and the most of them that can go. */
      readonly of: number;
      readonly most: number;
    }
  | { readonly structure: Structure; readonly refusal: string };

/** Whether what goes is chosen again once some are gone: of the other ways nothing changes by that. */
export function goesInSteps(way: ShrinkWay): boolean {
  return way === "activation" || way === "perplexity";
}
