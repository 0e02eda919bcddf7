import { heldTogether, mostBetween, type Model } from "../model/model";

/** What is between a block's matrices while so many positions pass it, of texts of so many tokens. */
export function innerBytes(model: Model, positions: number, tokens: number): number {
  const outputs = Math.max(
    ...heldTogether(model).map((modules) => modules.reduce((sum, module) => sum + module.out, 0)),
  );
  const attention = 5 * model.definition.queryHeads * tokens;
  return 4 * positions * (3 * outputs + 8 * model.hiddenSize + attention + mostBetween(model));
}
