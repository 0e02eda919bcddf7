import type { PruningDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { explanations } from "./explanations";
import type { lossSection } from "./loss-map";

/** What pruning took of the magnitude of each matrix. */
export function magnitudeLosses({ layers }: PruningDocument): Parameters<typeof lossSection>[1] {
  return {
    name: "matrices",
    title: "Matrices after pruning",
    what: "of its weights' size",
    layers,
    lost: (layer, module) => {
      const { kept, dense } = elementAt(elementAt(layers, layer).modules, module);
      // SparseGPT may make what stays larger than all was
      return dense > 0 ? Math.max(0, 1 - kept / dense) : 0;
    },
    size: (layer, module) => elementAt(elementAt(layers, layer).modules, module).dense,
    explanation: explanations.matrices,
  };
}
