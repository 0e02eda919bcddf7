import type { LayerDone, LayerFigures } from "../../engine/api";
import { formatDensity, formatExponential, formatFixed } from "../../format/numbers";

/** A layer that is done, while the others are still to come. */
export function runningLayer(done: LayerDone): string {
  const { layer, layers, figures: known } = done;
  const { meanActivation, similarity, overlap, spearman, within, across, sparsity, density }: Partial<LayerFigures> =
    known;
  const figures = [
    meanActivation === undefined ? "" : `mean activation ${formatExponential(meanActivation)}`,
    similarity === undefined ? "" : `similarity ${similarity.toFixed(3)}`,
    overlap === undefined ? "" : `overlap ${overlap.toFixed(3)}`,
    within === undefined ? "" : `within ${within.toFixed(3)}`,
    across === undefined ? "" : `across ${across.toFixed(3)}`,
    spearman === undefined ? "" : `rho ${formatFixed(spearman, 3)}`,
    sparsity === undefined ? "" : `sparsity ${formatDensity(sparsity)}`,
    density === undefined ? "" : `density ${formatDensity(density)}`,
  ];
  const number = String(layer).padStart(String(layers - 1).length);
  return [`layer ${number}`, ...figures.filter((figure) => figure !== "")].join("  ");
}
