import { blockAt, kindsOfBlocks, neuronsAt, type Model, type ModelBlock, type ScoredModule } from "../model/model";
import { elementAt } from "../numbers/elements";
import { randomNumbers, randomSubset } from "../numbers/random";
import { tensor, type FloatTensor, type Runtime } from "../runtime/runtime";
import type { SiteGradients } from "../sweep/block-gradients";
import type { Profiler } from "../sweep/profiler";
import { Programs } from "../sweep/programs";
import { scoreGraph } from "../sweep/score-graphs";
import type { GradientObserver } from "../sweep/sweep";
import { largestOf } from "../numbers/statistics";

/** Rows, and columns, of which the activations of every text are kept: 1600 parameters of a matrix, and fewer of a small one. */
const SIDE = 40;
const PART = 1 / 6;
/** Rows over which the activation of every neuron is added up. */
const NEURON_ROWS = 16;

/** What is kept of a matrix: some rows, and of those some columns; the same of every text. */
interface Place {
  readonly module: ScoredModule;
  readonly rows: readonly number[];
  /** undefined: all. */
  readonly columns: readonly number[] | undefined;
}

/** What is kept of one kind of block, and the values of the texts in the layer of that kind that was passed last. */
interface SampledBlock {
  readonly matrices: readonly Place[];
  readonly neurons: Place | undefined;
  /** Per matrix and text. */
  readonly values: readonly Float32Array[][];
  readonly neuronSums: readonly Float32Array[];
}

/** The activations of every text at some parameters of a matrix. */
export interface SampledMatrix {
  readonly name: string;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** How many parameters of the matrix each stands for. */
  readonly weight: number;
  /** Per text, `[rows · columns]`. */
  readonly values: readonly Float32Array[];
}

/**
 * A random sample of every text's own activations in the layer under way, so that texts can be put into other sets than those
 * whose means a sweep forms. A gradient at a row and a column takes no tile: it is `Σ_t δ_tr x_tc`.
 */
export class TextSamples {
  readonly #model: Model;
  readonly #kinds: ReadonlyMap<ModelBlock, SampledBlock>;
  readonly #textOf: ReadonlyMap<number, number>;
  readonly #programs: Programs;
  /** The layer that was passed last. */
  #layer = -1;

  /** @param textOf the text that a sample of the run is, of one sample each. */
  constructor(
    model: Model,
    { runtime, profiler }: { readonly runtime: Runtime; readonly profiler: Profiler },
    textOf: ReadonlyMap<number, number>,
    seed: number,
  ) {
    const next = randomNumbers(seed);
    const texts = largestOf(textOf.values()) + 1;
    const kinds = kindsOfBlocks(model).map((block) => [block, sampledBlock(model, block, texts, next)] as const);
    this.#model = model;
    this.#kinds = new Map(kinds);
    this.#textOf = textOf;
    this.#programs = new Programs(runtime, profiler);
  }

  /** What it takes, in bytes, for so many texts of which so many tokens are in a batch. */
  static bytes(model: Model, texts: number, positions: number): number {
    const perText = kindsOfBlocks(model).reduce((sum, block) => {
      const neurons = neuronsAt(model, model.blocks.indexOf(block))?.in ?? 0;
      return sum + 4 * (block.modules.length * SIDE ** 2 + (1 + NEURON_ROWS) * neurons);
    }, 0);
    return texts * perText + 4 * positions * 2 * SIDE;
  }

  readonly observe: GradientObserver = async ({ layer, batch, modules, gradients, blocks }) => {
    if (layer !== this.#layer) clear(this.#kinds.get(blockAt(this.#model, layer)));
    this.#layer = layer;
    const { matrices, neurons, values, neuronSums } = this.#current;
    const own = [...batch.samples.keys()].filter((i) => this.#textOf.has(elementAt(batch.samples, i)));
    const texts = own.map((i) => this.#textOf.get(elementAt(batch.samples, i)) ?? 0);
    if (own.length === 0) return;
    const scoresAt = async (place: Place): Promise<Float32Array> => {
      const site = gradients.sites.get(place.module.name);
      if (site === undefined) throw new Error(`${place.module.name} has no gradient`);
      return this.#scores(place, site, own, blocks.weight(`${place.module.name}.weight`));
    };
    for (const [number, place] of matrices.entries()) {
      // an expert that no token of the batch reached has no activation
      if (!modules.includes(place.module) || !gradients.sites.has(place.module.name)) continue;
      const scores = await scoresAt(place);
      const size = sizeOf(place);
      texts.forEach((text, i) => {
        elementAt(elementAt(values, number), text).set(scores.subarray(i * size, (i + 1) * size));
      });
    }
    if (neurons === undefined || !modules.includes(neurons.module)) return;
    const scores = await scoresAt(neurons);
    const size = sizeOf(neurons);
    texts.forEach((text, i) => {
      addRows(scores.subarray(i * size, (i + 1) * size), elementAt(neuronSums, text));
    });
  };

  /** `[samples, rows · columns]` */
  async #scores(
    place: Place,
    site: SiteGradients,
    samples: readonly number[],
    weights: Float32Array,
  ): Promise<Float32Array> {
    const { module, rows, columns } = place;
    const program = await this.#programs.get("samples of scores", scoreGraph);
    const width = columns?.length ?? module.in;
    const weight = new Float32Array(rows.length * width);
    rows.forEach((row, i) => {
      pick(
        weights.subarray(row * module.in, (row + 1) * module.in),
        columns,
        weight.subarray(i * width, (i + 1) * width),
      );
    });
    const scores = new Float32Array(samples.length * rows.length * width);
    await program.run(
      {
        x: columnsOf(site, samples, columns, width),
        delta: rowsOf(site, samples, module.out, rows),
        weight: tensor(weight, rows.length, width),
      },
      { scores: tensor(scores, samples.length, rows.length * width) },
    );
    return scores;
  }

  /** Of every matrix, in the layer that was passed last. */
  get matrices(): SampledMatrix[] {
    const { matrices, values } = this.#current;
    return matrices.map((place, number) => ({
      name: place.module.name,
      rows: place.rows,
      columns: place.columns ?? [],
      weight: (place.module.out * place.module.in) / sizeOf(place),
      values: elementAt(values, number),
    }));
  }

  /** Per text the activation of every neuron's weights, added up over some rows, in the layer that was passed last. */
  get neurons(): { readonly rows: readonly number[]; readonly sums: readonly Float32Array[] } {
    const { neurons, neuronSums } = this.#current;
    return { rows: neurons?.rows ?? [], sums: neuronSums };
  }

  get #current(): SampledBlock {
    const current = this.#kinds.get(blockAt(this.#model, this.#layer));
    if (current === undefined) throw new Error(`layer ${this.#layer} is of no kind`);
    return current;
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}

/** Puts 0 where values of the layer before stand. */
function clear(block: SampledBlock | undefined): void {
  for (const values of block?.values.flat() ?? []) values.fill(0);
}

function sampledBlock(model: Model, block: ModelBlock, texts: number, next: () => number): SampledBlock {
  const matrices = block.modules.map((module) => ({
    module,
    rows: randomSubset(module.out, sideOf(module.out), next),
    columns: randomSubset(module.in, sideOf(module.in), next),
  }));
  const module = neuronsAt(model, model.blocks.indexOf(block));
  const neurons = module && {
    module,
    rows: randomSubset(module.out, Math.min(NEURON_ROWS, Math.ceil(PART * module.out)), next),
    columns: undefined,
  };
  const each = <Value>(value: () => Value): Value[] => Array.from({ length: texts }, value);
  return {
    matrices,
    neurons,
    values: matrices.map((place) => each(() => new Float32Array(sizeOf(place)))),
    neuronSums: each(() => new Float32Array(module?.in ?? 0)),
  };
}

const sideOf = (length: number): number => Math.min(SIDE, Math.ceil(PART * length));

const sizeOf = ({ module, rows, columns }: Place): number => rows.length * (columns?.length ?? module.in);

function pick(values: Float32Array, columns: readonly number[] | undefined, to: Float32Array): void {
  if (columns === undefined) to.set(values);
  else for (let i = 0; i < columns.length; i++) to[i] = values[columns[i]!]!;
}

/** Inputs of these columns, `[samples, positions, columns]`. */
function columnsOf(
  { x, positions }: SiteGradients,
  samples: readonly number[],
  columns: readonly number[] | undefined,
  width: number,
): FloatTensor {
  if (columns === undefined && samples.length === elementAt(x.shape, 0)) return x;
  const inputs = elementAt(x.shape, 2);
  const picked = new Float32Array(samples.length * positions * width);
  samples.forEach((sample, i) => {
    for (let t = 0; t < positions; t++) {
      const from = (sample * positions + t) * inputs;
      const to = (i * positions + t) * width;
      pick(x.data.subarray(from, from + inputs), columns, picked.subarray(to, to + width));
    }
  });
  return tensor(picked, samples.length, positions, width);
}

/** The gradients of these rows' outputs, `[samples, rows, positions]`. */
function rowsOf(
  { delta, positions }: SiteGradients,
  samples: readonly number[],
  out: number,
  rows: readonly number[],
): FloatTensor {
  const picked = new Float32Array(samples.length * rows.length * positions);
  samples.forEach((sample, i) => {
    rows.forEach((row, r) => {
      const from = (sample * out + row) * positions;
      picked.set(delta.data.subarray(from, from + positions), (i * rows.length + r) * positions);
    });
  });
  return tensor(picked, samples.length, rows.length, positions);
}

function addRows(scores: Float32Array, sums: Float32Array): void {
  sums.fill(0);
  for (let from = 0; from < scores.length; from += sums.length)
    for (let i = 0; i < sums.length; i++) sums[i]! += scores[from + i]!;
}
