import type { Model, ScoredModule } from "../model/model";
import { holding, tensor, type Runtime, type Tensor, type Tensors } from "../runtime/runtime";
import type { BlockGradients, BlockRunner } from "./block-runner";

/** Some rows of one matrix, and what their scores are made of. */
export interface ScoreTile {
  readonly module: ScoredModule;
  readonly from: number;
  readonly rows: number;
  readonly weights: Float32Array;
  /** Inputs of the graphs that form scores: the tile's `weight`, `from` and `to` besides what was given. */
  readonly inputs: Tensors;
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
    await eachTileOf(runtime, module, { ...site }, site.x.shape[0], blocks, tileBytes, use);
    moduleDone?.(module);
  }
}

/** What the scores of a matrix are made of. */
export interface Site {
  /** `[samples, positions, in]` */
  readonly x: Tensor;
  /** `[samples, out, positions]` */
  readonly delta: Tensor;
}

/**
 * One matrix.
 * @param inputs what the graph takes besides the tile.
 * @param samples so many gradients of a tile exist at once.
 */
export async function eachTileOf(
  runtime: Runtime,
  module: ScoredModule,
  inputs: Tensors,
  samples: number,
  blocks: BlockRunner,
  tileBytes: number,
  use: (tile: ScoreTile) => Promise<void>,
): Promise<void> {
  const weights = blocks.weight(`${module.name}.weight`);
  const height = Math.min(module.out, Math.max(1, Math.floor(tileBytes / (4 * samples * module.in))));
  await holding(runtime, inputs, async (held) => {
    for (let from = 0; from < module.out; from += height) {
      const rows = Math.min(height, module.out - from);
      const weightRows = weights.subarray(from * module.in, (from + rows) * module.in);
      await use({
        module,
        from,
        rows,
        weights: weightRows,
        inputs: {
          ...held,
          weight: tensor(weightRows, rows, module.in),
          from: tensor(BigInt64Array.of(BigInt(from)), 1),
          to: tensor(BigInt64Array.of(BigInt(from + rows)), 1),
        },
      });
    }
  });
}

/** So many samples of a site, from `first` on: a view. */
export function partOf({ x, delta }: Site, first: number, count: number): Site {
  const part = ({ data, shape: [samples, ...rest] }: Tensor): Tensor => {
    const size = data.length / samples;
    return tensor((data as Float32Array).subarray(first * size, (first + count) * size), count, ...rest);
  };
  return { x: part(x), delta: part(delta) };
}
