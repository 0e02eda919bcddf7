import { kindsOfBlocks, type Model } from "../model/model";

/** What of the blocks mixes tokens and is not scored, in a sentence; none where that is nothing. */
export function unscoredNotes(model: Pick<Model, "blocks">): string[] {
  const unscored = new Set(kindsOfBlocks(model).flatMap(({ definition }) => definition.unscored ?? []));
  return unscored.size === 0 ? [] : [`Not scored, since they are no matrices: ${[...unscored].join(", ")}.`];
}
