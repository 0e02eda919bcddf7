import type { Model, ScoredModule } from "../model/model";
import type { Runtime } from "../runtime/runtime";
import { BlockRunner } from "../sweep/block-runner";
import type { Profiler } from "../sweep/profiler";
import type { Sample } from "../text/sample";
import { Calibration } from "./calibration-inputs";

interface ObserveRequest {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly profiler: Profiler;
  readonly samples: readonly Sample[];
  readonly signal?: AbortSignal;
}

/** A matrix with what entered it. */
interface ObservedMatrix {
  readonly layer: number;
  readonly module: ScoredModule;
  /** `[out, in]`, its own until the next is handed over. */
  readonly weights: Float32Array;
  readonly calibration: Calibration;
}

/**
 * Takes samples through a model as it is, and hands over each matrix of a block with the squares of what entered it: block after block, in a mixture
 * expert after expert. Yields how many blocks are done.
 * @returns how many experts no token reached.
 * @throws ParamscopeError when weights cannot be read; the signal's reason when aborted.
 */
export async function* observeInputs(
  { model, runtime, profiler, samples, signal }: ObserveRequest,
  observe: (matrix: ObservedMatrix) => void,
): AsyncGenerator<number, number, void> {
  const blocks = new BlockRunner({ model, runtime, profiler, signal });
  try {
    const calibration = await Calibration.begin({ model, samples, profiler, signal }, "wanda");
    for (let layer = 0; layer < model.layers; layer++) {
      const observeAll = (modules: readonly ScoredModule[]): void => {
        for (const module of modules)
          observe({ layer, module, weights: blocks.weight(`${module.name}.weight`), calibration });
      };
      signal?.throwIfAborted();
      await blocks.load(layer);
      await calibration.measure(blocks);
      const { common, experts } = blocks.block;
      observeAll(common.modules);
      for (const [expert, { modules }] of experts.entries()) {
        await blocks.loadExpert(expert);
        await calibration.measureExpert(blocks, expert);
        observeAll(modules);
      }
      if (layer < model.layers - 1) {
        if (experts.length > 0) await blocks.load(layer);
        await calibration.pass(blocks);
      }
      yield layer + 1;
    }
    return calibration.unreached;
  } finally {
    await blocks.dispose();
  }
}
