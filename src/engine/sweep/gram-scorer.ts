import type { Model, ScoredModule } from "../model/model";
import { tensor, type Runtime, type Tensor, type Tensors } from "../runtime/runtime";
import type { Batch } from "./batch";
import { absoluteGradientGraph, coupleGraph, coupleProducts, gramGraph } from "./score-graphs";
import type { BlockGradients, BlockRunner } from "./block-runner";
import type { Grams } from "./grams";
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

/** Forms the scores of samples by tiles and multiplies them with each other there: no score ever leaves the runtime. */
export class GramScorer {
  /** Per module the mean `|gradient|` of the background, where several batches make it up. */
  readonly #means = new Map<string, Float32Array>();
  /** Per batch `[1, samples]`. */
  readonly #shares: readonly Tensor[];

  constructor(
    private readonly runtime: Runtime,
    private readonly model: Model,
    private readonly programs: Programs,
    private readonly workspace: Workspace,
    private readonly profiler: Profiler,
    private readonly tileBytes: number,
    private readonly batches: readonly Batch[],
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
        const inputs = { ...partOf(site, first, samples), shares: tensor(own, 1, samples) };
        await this.#eachTile(module, inputs, samples, blocks, signal, async ({ from, rows, inputs: ofTile }) => {
          const size = rows * module.in;
          const part = this.workspace.take("mean of gradients", size);
          const { delta, x, shares, from: start, to } = ofTile;
          await program.run({ delta, x, shares, from: start, to }, { mean: tensor(part, 1, size) });
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
    const isCouples = this.batches[batch].groups === "couples";
    for (const { module, site } of this.#sitesOf(gradients))
      if (isCouples) await this.#addCouples(layer, batch, module, site, blocks, signal);
      else await this.#addGroups(layer, batch, module, site, blocks, signal);
  }

  async #addGroups(
    layer: number,
    batch: number,
    module: ScoredModule,
    site: Site,
    blocks: BlockRunner,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { grams } = this;
    const contrast = grams.background === undefined ? "none" : grams.needsMean ? "given" : "own";
    const size = grams.sizeIn(batch);
    const program = await this.programs.get(`grams ${size} ${contrast}`, () => gramGraph(size, contrast), {
      keepsMemory: true,
    });
    for (const [first, groups] of partsOf(module, site.x.shape[0] / size, size)) {
      const part = partOf(site, first * size, groups * size);
      await this.#eachTile(module, { ...part }, groups * size, blocks, signal, async (tile) => {
        const products = (name: string): Tensor =>
          tensor(this.workspace.take(name, groups * size * size), groups, size, size);
        const plain = products("grams");
        const contrasts = contrast === "none" ? undefined : products("contrast grams");
        await program.run(
          {
            ...tile.inputs,
            ...(contrast === "own" && { shares: this.#shares[batch] }),
            ...(contrast === "given" && { mean: this.#meanOf(tile) }),
          },
          { plain, ...(contrasts && { contrast: contrasts }) },
        );
        grams.add("plain", layer, batch, first, plain.data as Float32Array);
        if (contrasts) grams.add("contrast", layer, batch, first, contrasts.data as Float32Array);
      });
    }
  }

  async #addCouples(
    layer: number,
    batch: number,
    module: ScoredModule,
    site: Site,
    blocks: BlockRunner,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { grams } = this;
    const kinds = grams.background === undefined ? (["plain"] as const) : (["plain", "contrast"] as const);
    const program = await this.programs.get(`couples ${kinds.join()}`, () => coupleGraph(kinds.length > 1), {
      keepsMemory: true,
    });
    const all = site.x.shape[0] / 2;
    for (const [first, couples] of partsOf(module, all, 2)) {
      const [ones, others] = [partOf(site, first, couples), partOf(site, all + first, couples)];
      const inputs = { ...ones, xB: others.x, deltaB: others.delta };
      await this.#eachTile(module, inputs, 2 * couples, blocks, signal, async (tile) => {
        const names = kinds.flatMap((kind) => coupleProducts.map((product) => `${kind} ${product}`));
        const sums = Object.fromEntries(
          names.map((name) => [name, tensor(this.workspace.take(name, couples), 1, couples)]),
        );
        await program.run({ ...tile.inputs, ...(kinds.length > 1 && { mean: this.#meanOf(tile) }) }, sums);
        for (const kind of kinds) {
          const [ab, aa, bb] = coupleProducts.map((product) => sums[`${kind} ${product}`].data as Float32Array);
          const products = Float32Array.from({ length: 4 * couples }, (_, i) => [aa, ab, ab, bb][i % 4][i >> 2]);
          grams.add(kind, layer, batch, first, products);
        }
      });
    }
  }

  *#sitesOf({ sites }: BlockGradients): Generator<{ module: ScoredModule; site: Site }> {
    for (const module of this.model.modules) {
      const site = sites.get(module.name);
      if (site !== undefined) yield { module, site };
    }
  }

  /** The background's mean in a tile, `[1, rows·in]`. */
  #meanOf({ module, from, rows }: ScoreTile): Tensor {
    const mean = this.#means.get(module.name);
    if (mean === undefined) throw new Error(`the mean of ${module.name} has not been formed`);
    return tensor(mean.subarray(from * module.in, (from + rows) * module.in), 1, rows * module.in);
  }

  layerDone(): void {
    for (const mean of this.#means.values()) mean.fill(0);
  }

  async #eachTile(
    module: ScoredModule,
    inputs: Tensors,
    samples: number,
    blocks: BlockRunner,
    signal: AbortSignal | undefined,
    use: (tile: ScoreTile) => Promise<void>,
  ): Promise<void> {
    const bytes = Math.min(TILE_BYTES, this.tileBytes);
    await eachTileOf(this.runtime, module, inputs, samples, blocks, bytes, async (tile) => {
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
