import type { Model, ScoredModule } from "../model/model";
import { tensor, type Runtime, type Tensor } from "../runtime/runtime";
import type { Batch } from "./batch";
import { CoupleProducts } from "./couple-products";
import { absoluteGradientGraph, gradientGraph, gramGraph, TINY } from "./score-graphs";
import type { BlockGradients, BlockRunner } from "./block-runner";
import type { Grams, ProductKind } from "./grams";
import type { Profiler } from "./profiler";
import type { Programs } from "./programs";
import { eachTileOf, partOf, type ScoreTile, type Site } from "./score-tiles";
import type { Workspace } from "./workspace";

/**
 * Products pass over a tile several times: it should stay in a core's own cache. Measured with 48 samples, processor time per
 * score: 2 and 4 MiB 1.3 ns, 8 MiB 1.4, 1 MiB 1.8.
 */
const TILE_BYTES = 4 * 2 ** 20;
/** Measured with 16 tokens, processor time per score: 3 rows 1.3 ns, 8 rows 0.8, 20 rows and more 0.45. */
const ROWS = 24;

/** Products `[groups, size, size]` of a tile. */
type Multiply = (tile: ScoreTile) => Promise<readonly (readonly [ProductKind, Float32Array | Float64Array])[]>;

/**
 * Forms the scores of samples by tiles and multiplies them with each other there. No score leaves the runtime; of couples the
 * gradients do, a tile at a time.
 */
export class GramScorer {
  /** Per module the mean `|gradient|` of the background, where several batches make it up. */
  readonly #means = new Map<string, Float32Array>();
  /** Its memory takes address space, which only couples are worth. */
  #coupleProducts: CoupleProducts | undefined;
  /** Per batch `[1, samples]`. */
  readonly #shares: readonly Tensor[];

  constructor(
    private readonly runtime: Runtime,
    private readonly model: Model,
    private readonly programs: Programs,
    private readonly workspace: Workspace,
    private readonly profiler: Profiler,
    private readonly tileBytes: number,
    batches: readonly Batch[],
    private readonly grams: Grams,
  ) {
    grams.begin(batches);
    this.#shares = batches.map(({ samples }) => {
      const shares = samples.map((sample) => grams.background?.[sample] ?? 0);
      return tensor(Float32Array.from(shares), 1, samples.length);
    });
  }

  /** First pass of a layer, where the background spans batches. */
  async addBackground(
    batch: number,
    gradients: BlockGradients,
    blocks: BlockRunner,
    signal?: AbortSignal,
  ): Promise<void> {
    const program = await this.programs.get("mean of gradients", absoluteGradientGraph, { keepsMemory: true });
    for (const { module, site } of this.#sitesOf(gradients)) {
      let sum = this.#means.get(module.name);
      if (sum === undefined) this.#means.set(module.name, (sum = new Float32Array(module.out * module.in)));
      const mean = sum;
      for (const [first, samples] of partsOf(module, site.x.shape[0], 1)) {
        const own = (this.#shares[batch].data as Float32Array).subarray(first, first + samples);
        await this.#eachTile(module, partOf(site, first, samples), blocks, signal, async ({ from, rows, inputs }) => {
          const size = rows * module.in;
          const part = this.workspace.take("mean of gradients", size);
          await program.run({ ...inputs, shares: tensor(own, 1, samples) }, { mean: tensor(part, 1, size) });
          for (let i = 0, at = from * module.in; i < size; i++, at++) mean[at] += part[i];
        });
      }
    }
  }

  async add(
    layer: number,
    batch: number,
    gradients: BlockGradients,
    blocks: BlockRunner,
    signal?: AbortSignal,
  ): Promise<void> {
    const size = this.grams.sizeIn(batch);
    // where there is one group of two its mean may be its own
    const isCouples = size === 2 && (this.grams.background === undefined || this.grams.needsMean);
    for (const { module, site } of this.#sitesOf(gradients))
      for (const [first, groups] of partsOf(module, site.x.shape[0] / size, size)) {
        const part = partOf(site, first * size, groups * size);
        const multiply = isCouples ? await this.#couples(groups) : await this.#groups(batch, groups, size);
        await this.#eachTile(module, part, blocks, signal, async (tile) => {
          for (const [kind, products] of await multiply(tile)) this.grams.add(kind, layer, batch, first, products);
        });
      }
  }

  async #groups(batch: number, groups: number, size: number): Promise<Multiply> {
    const { grams } = this;
    const contrast = grams.background === undefined ? "none" : grams.needsMean ? "given" : "own";
    const program = await this.programs.get(`grams ${size} ${contrast}`, () => gramGraph(size, contrast), {
      keepsMemory: true,
    });
    const products = (name: string): Tensor =>
      tensor(this.workspace.take(name, groups * size * size), groups, size, size);
    return async (tile) => {
      const outputs = {
        plain: products("grams"),
        ...(contrast !== "none" && { contrast: products("contrast grams") }),
      };
      await program.run(
        {
          ...tile.inputs,
          weight: tensor(tile.weights, tile.rows, tile.module.in),
          ...(contrast === "own" && { shares: this.#shares[batch] }),
          ...(contrast === "given" && { mean: tensor(this.#meanOf(tile), 1, tile.weights.length) }),
        },
        outputs,
      );
      return Object.entries(outputs).map(([kind, { data }]) => [kind as ProductKind, data as Float32Array]);
    };
  }

  async #couples(couples: number): Promise<Multiply> {
    const program = await this.programs.get("gradients", gradientGraph, { keepsMemory: true });
    const coupleProducts = (this.#coupleProducts ??= new CoupleProducts());
    return async (tile) => {
      const { module, rows, weights } = tile;
      const values = coupleProducts.tile(weights.length, couples, TINY);
      await program.run(tile.inputs, { gradients: tensor(values.gradients, 2 * couples, rows, module.in) });
      values.weights.set(weights);
      const products: [ProductKind, Float64Array][] = [["plain", values.plain()]];
      if (this.grams.background !== undefined) {
        values.means.set(this.#meanOf(tile));
        products.push(["contrast", values.contrast()]);
      }
      return products;
    };
  }

  *#sitesOf({ sites }: BlockGradients): Generator<{ module: ScoredModule; site: Site }> {
    for (const module of this.model.modules) {
      const site = sites.get(module.name);
      if (site !== undefined) yield { module, site };
    }
  }

  /** The background's mean in a tile, `[rows·in]`. */
  #meanOf({ module, from, rows }: ScoreTile): Float32Array {
    const mean = this.#means.get(module.name);
    if (mean === undefined) throw new Error(`the mean of ${module.name} has not been formed`);
    return mean.subarray(from * module.in, (from + rows) * module.in);
  }

  layerDone(): void {
    for (const mean of this.#means.values()) mean.fill(0);
  }

  async #eachTile(
    module: ScoredModule,
    site: Site,
    blocks: BlockRunner,
    signal: AbortSignal | undefined,
    use: (tile: ScoreTile) => Promise<void>,
  ): Promise<void> {
    const work = { runtime: this.runtime, workspace: this.workspace, blocks };
    await eachTileOf(work, module, site, Math.min(TILE_BYTES, this.tileBytes), async (tile) => {
      signal?.throwIfAborted();
      await this.profiler.time("products", () => use(tile));
    });
  }
}

/**
 * Groups a few at a time, the first and how many, so that a tile has rows enough: with few the product spends its time on packing
 * what it multiplies.
 */
function* partsOf(
  { in: width }: ScoredModule,
  groups: number,
  size: number,
): Generator<[first: number, count: number]> {
  const step = Math.max(1, Math.floor(TILE_BYTES / (4 * width * ROWS * size)));
  for (let first = 0; first < groups; first += step) yield [first, Math.min(step, groups - first)];
}
