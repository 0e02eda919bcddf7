import type { PruningDocument } from "../engine/document/document";
import type { PruningPlan } from "../pages/preview";

/** How a pruning was planned; where the preview cannot reckon how it was spread over the layers, that is taken as it was. */
export function planOfPruning({
  criterion,
  allocation,
  strength,
  sparsity,
  pattern,
  layers,
}: PruningDocument): PruningPlan {
  const plan = { criterion, sparsity, pattern };
  if (allocation === "uniform" || (allocation === "activation" && strength === undefined))
    return { ...plan, allocation };
  return { ...plan, allocation: "given", sparsities: layers.map((layer) => layer.sparsity) };
}
