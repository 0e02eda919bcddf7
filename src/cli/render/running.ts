import type { LayerDone } from "../../engine/api";
import { formatDensity, formatExponential, formatFixed, formatNumber } from "../../format/numbers";

/** How the figures of a layer are written, by name; any other is written as it is called. */
const written: Readonly<Record<string, (value: number) => string>> = {
  meanActivation: (value) => `mean activation ${formatExponential(value)}`,
  similarity: (value) => `similarity ${value.toFixed(3)}`,
  overlap: (value) => `overlap ${value.toFixed(3)}`,
  within: (value) => `within ${value.toFixed(3)}`,
  across: (value) => `across ${value.toFixed(3)}`,
  spearman: (value) => `rho ${formatFixed(value, 3)}`,
  change: (value) => `‖ΔW‖/‖W‖ ${formatNumber(value)}`,
  sparsity: (value) => `sparsity ${formatDensity(value)}`,
  density: (value) => `density ${formatDensity(value)}`,
};

/** A layer that is done, while the others are still to come. */
export function runningLayer({ layer, layers, figures }: LayerDone): string {
  const words = Object.entries(figures).map(
    ([name, value]) => written[name]?.(value) ?? `${name} ${formatNumber(value)}`,
  );
  return [`layer ${String(layer).padStart(String(layers - 1).length)}`, ...words].join("  ");
}
