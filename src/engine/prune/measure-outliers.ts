import type { Model } from "../model/model";
import type { Runtime } from "../runtime/runtime";
import type { Profiler } from "../sweep/profiler";
import type { Sample } from "../text/sample";
import { countInto, FLOAT_BINS, floatBin } from "./float-bins";
import { observeInputs } from "./observe-inputs";
import type { PruneEvents } from "./run-parts";

/** How many times the mean of its layer an outlier is at least, M; the authors take 5 or 7. */
const TIMES_MEAN = 5;

/**
 * The share of each layer's weights that are outliers (Yin et al. 2024, "Outlier Weighed Layerwise Sparsity"): those whose `|w|·‖x_j‖₂`, Wanda's
 * metric in the dense model, is more than five times the mean of their layer.
 */
export async function* measureOutliers(
  {
    model,
    samples,
    ...run
  }: { readonly model: Model; readonly samples: readonly Sample[]; readonly signal?: AbortSignal },
  { runtime, profiler }: { readonly runtime: Runtime; readonly profiler: Profiler },
): PruneEvents<number[]> {
  const outliers = new LayerOutliers();
  const shares: number[] = [];
  const observing = observeInputs({ model, samples, runtime, profiler, ...run }, ({ module, weights, calibration }) => {
    outliers.add(metricOf(weights, calibration.norms(module)));
  });
  for (let step = await observing.next(); !step.done; step = await observing.next()) {
    shares.push(outliers.share());
    outliers.clear();
    yield {
      type: "progress",
      phase: "forward",
      done: step.value,
      layers: model.layers,
      share: step.value / model.layers,
      secondsLeft: undefined,
    };
  }
  return shares;
}

/** `|w|·‖x_j‖₂`, `[out, in]`. */
function metricOf(weights: Float32Array, norms: Float32Array): Float32Array {
  const columns = norms.length;
  return weights.map((weight, i) => Math.abs(weight) * (norms[i % columns] ?? 0));
}

/** The metric of one layer's weights, layer after layer. */
class LayerOutliers {
  readonly #counts = new Uint32Array(FLOAT_BINS);
  #sum = 0;
  #weights = 0;

  add(metric: Float32Array): void {
    for (const value of metric) this.#sum += value;
    this.#weights += metric.length;
    countInto(this.#counts, metric);
  }

  share(): number {
    const first = floatBin((TIMES_MEAN * this.#sum) / this.#weights) + 1;
    return this.#counts.subarray(first).reduce((sum, count) => sum + count, 0) / this.#weights;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#sum = 0;
    this.#weights = 0;
  }
}
