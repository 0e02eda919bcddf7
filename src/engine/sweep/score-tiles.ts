import type { Model, ScoredModule } from "../model/model";
import { holding, tensor, type Runtime, type Tensor } from "../runtime/runtime";
import type { BlockGradients, BlockRunner } from "./block-runner";

/** Some rows of one matrix, and what their scores are made of. */
export interface ScoreTile {
  readonly module: ScoredModule;
  readonly from: number;
  readonly rows: number;
  readonly weights: Float32Array;
  /** Inputs of the graphs that form scores. */
  readonly inputs: {
    readonly delta: Tensor;
    readonly x: Tensor;
    readonly weight: Tensor;
    readonly from: Tensor;
    readonly to: Tensor;
  };
}

/**
 * Every matrix of the block that is loaded, by tiles of so many rows that their gradients take `tileBytes` for all samples;
 * `moduleDone` after the last of a matrix.
 */
export async function eachTile(
  runtime: Runtime,
  model: Model,
  gradients: BlockGradients,
  blocks: BlockRunner,
  tileBytes: number,
  use: (tile: ScoreTile) => Promise<void>,
  moduleDone?: (module: ScoredModule) => void,
): Promise<void> {
  for (const module of model.modules) {
    const site = gradients.sites.get(module.name);
    if (site === undefined) continue;
    const weights = blocks.weight(`${module.name}.weight`);
    const samples = site.x.shape[0];
    const height = Math.min(module.out, Math.max(1, Math.floor(tileBytes / (4 * samples * module.in))));
    await holding(runtime, { delta: site.delta, x: site.x }, async ({ delta, x }) => {
      for (let from = 0; from < module.out; from += height) {
        const rows = Math.min(height, module.out - from);
        const weightRows = weights.subarray(from * module.in, (from + rows) * module.in);
        await use({
          module,
          from,
          rows,
          weights: weightRows,
          inputs: {
            delta,
            x,
            weight: tensor(weightRows, rows, module.in),
            from: tensor(BigInt64Array.of(BigInt(from)), 1),
            to: tensor(BigInt64Array.of(BigInt(from + rows)), 1),
          },
        });
      }
    });
    moduleDone?.(module);
  }
}
