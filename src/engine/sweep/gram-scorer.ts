import type { ScoredModule } from "../model/model";
import { elementAt } from "../numbers/elements";
import { tensor, type FloatTensor } from "../runtime/runtime";
import type { BlockGradients } from "./block-runner";
import { CoupleProducts } from "./couple-products";
import type { Grams, ProductKind } from "./grams";
import { Programs } from "./programs";
import { absoluteGradientGraph, gradientGraph, gramGraph, TINY } from "./score-graphs";
import { eachTile, modulesOf, partOf, type ModuleGradients, type ScoreTile } from "./score-tiles";
import type { SweepContext } from "./sweep-context";

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
  readonly #context: SweepContext;
  readonly #grams: Grams;
  readonly #programs: Programs;
  /** Per module the mean `|gradient|` of the background, where several batches make it up. */
  readonly #means = new Map<string, Float32Array>();
  /** The kernel of couples: its memory takes address space, which only couples are worth. */
  #coupleProducts: CoupleProducts | undefined;
  /** What part of the background's mean each sample of a batch is, `[1, samples]`. */
  readonly #shares: readonly FloatTensor[];

  constructor(context: SweepContext, grams: Grams) {
    this.#context = context;
    this.#grams = grams;
    this.#programs = new Programs(context.runtime, context.profiler);
    grams.begin(context.plan.batches);
    this.#shares = context.plan.batches.map(({ samples }) => {
      const shares = samples.map((sample) => grams.background?.[sample] ?? 0);
      return tensor(Float32Array.from(shares), 1, samples.length);
    });
  }

  /** First pass of a layer, where the background spans batches. */
  async addBackground(layer: number, batch: number, gradients: BlockGradients): Promise<void> {
    const { model, workspace } = this.#context;
    const program = await this.#programs.get("mean of gradients", absoluteGradientGraph, { keepsMemory: true });
    const shares = elementAt(this.#shares, batch).data;
    for (const ofModule of modulesOf(model, layer, gradients)) {
      const { module } = ofModule;
      const length = module.out * module.in;
      let sum = this.#means.get(module.name);
      if (sum?.length !== length) this.#means.set(module.name, (sum = new Float32Array(length)));
      const mean = sum;
      for (const [first, samples] of partsOf(module, ofModule.samples, 1)) {
        const own = tensor(shares.subarray(first, first + samples), 1, samples);
        await this.#eachTile(partOf(ofModule, first, samples), async ({ from, rows, inputs }) => {
          const size = rows * module.in;
          const part = workspace.take("mean of gradients", size);
          await program.run({ ...inputs, shares: own }, { mean: tensor(part, 1, size) });
          const start = from * module.in;
          for (let i = 0; i < size; i++) mean[start + i]! += part[i]!;
        });
      }
    }
  }

  /** Takes in one batch's gradients of the block whose weights are loaded. */
  async add(layer: number, batch: number, gradients: BlockGradients): Promise<void> {
    const size = this.#grams.sizeIn(batch);
    // where there is one group of two its mean may be its own
    const isCouples = size === 2 && (this.#grams.background === undefined || this.#grams.needsMean);
    for (const ofModule of modulesOf(this.#context.model, layer, gradients))
      for (const [first, groups] of partsOf(ofModule.module, ofModule.samples / size, size)) {
        const part = partOf(ofModule, first * size, groups * size);
        const multiply = isCouples ? await this.#couples(groups) : await this.#groups(batch, groups, size);
        await this.#eachTile(part, async (tile) => {
          for (const [kind, products] of await multiply(tile)) this.#grams.add(kind, { layer, batch, first }, products);
        });
      }
  }

  async #groups(batch: number, groups: number, size: number): Promise<Multiply> {
    const { workspace } = this.#context;
    const grams = this.#grams;
    const contrast = grams.background === undefined ? "none" : grams.needsMean ? "given" : "own";
    const program = await this.#programs.get(`grams ${size} ${contrast}`, () => gramGraph(size, contrast), {
      keepsMemory: true,
    });
    const products = (name: string): FloatTensor =>
      tensor(workspace.take(name, groups * size * size), groups, size, size);
    return async (tile) => {
      const plain = products("grams");
      const ofContrast = contrast === "none" ? undefined : products("contrast grams");
      await program.run(
        {
          ...tile.inputs,
          weight: tensor(tile.weights, tile.rows, tile.module.in),
          ...(contrast === "own" && { shares: elementAt(this.#shares, batch) }),
          ...(contrast === "given" && { mean: tensor(this.#meanOf(tile), 1, tile.weights.length) }),
        },
        { plain, ...(ofContrast && { contrast: ofContrast }) },
      );
      return [["plain", plain.data], ...(ofContrast ? [["contrast", ofContrast.data] as const] : [])];
    };
  }

  async #couples(couples: number): Promise<Multiply> {
    const program = await this.#programs.get("gradients", gradientGraph, { keepsMemory: true });
    const coupleProducts = (this.#coupleProducts ??= new CoupleProducts());
    return async (tile) => {
      const { module, rows, weights } = tile;
      const values = coupleProducts.tile(weights.length, couples, TINY);
      await program.run(tile.inputs, { gradients: tensor(values.gradients, 2 * couples, rows, module.in) });
      values.weights.set(weights);
      const products: [ProductKind, Float64Array][] = [["plain", values.plain()]];
      if (this.#grams.background !== undefined) {
        values.means.set(this.#meanOf(tile));
        products.push(["contrast", values.contrast()]);
      }
      return products;
    };
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

  async #eachTile(gradients: ModuleGradients, use: (tile: ScoreTile) => Promise<void>): Promise<void> {
    const { plan, profiler, signal } = this.#context;
    await eachTile(this.#context, gradients, Math.min(TILE_BYTES, plan.tileBytes), async (tile) => {
      signal?.throwIfAborted();
      await profiler.time("products", () => use(tile));
    });
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
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
