import type { Experts } from "../model/architectures/architecture";
import { blockInputs } from "../model/architectures/block-builder";
import type { Graph } from "../graph/graph";
import { blockAt, blockTensor, nameInGraph, type BlockPart, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { holding, sliceSamples, tensor, type FloatTensor, type Runtime } from "../runtime/runtime";
import { PART_POSITIONS, partsOf, takenBy, type BatchEnds, type BlockPass } from "./block-batch";
import { names, type BackwardGraph, type SizedBlock, type WrittenBlock } from "./block-graphs";
import type { SiteGradients } from "./block-gradients";
import { expertBackwardGraph, expertBlock, expertGraph } from "./expert-graphs";
import type { Profiler } from "./profiler";
import { Programs } from "./programs";
import type { RoutedBatch } from "./routed-batch";
import type { RunContext } from "./run-context";
import { Workspace } from "./workspace";

/** Gradients where a batch is routed, and what experts add to them. */
export interface RoutedGradients {
  readonly batch: RoutedBatch;
  /** Of the sum of the experts' weighted outputs, `[samples, rows, hidden]`. */
  readonly routed: FloatTensor;
  /** Of what enters the experts, of the same shape. */
  readonly input: FloatTensor;
  /** Of the weights of the experts' outputs, `[samples, rows, experts]`. */
  readonly weights: FloatTensor;
  /** The experts that have been added: what is computed twice counts once. */
  readonly added: Set<number>;
}

/** Runs the experts of a block, one at a time: holds the weights of one. Tokens are handed out here, and what comes of them is put together. */
export class ExpertRunner {
  readonly #model: Model;
  readonly #runtime: Runtime;
  readonly #profiler: Profiler;
  readonly #programs: Programs;
  readonly #backward = new Map<number, BackwardGraph>();
  readonly #observed = new Map<string, Graph>();
  readonly #space = new Workspace();
  #loaded: { readonly layer: number; readonly expert: number } | undefined;
  /** By the name within the block, and by that of the expert's graph. */
  #byName = new Map<string, Float32Array>();
  #weights: Readonly<Record<string, FloatTensor>> = {};

  constructor({ model, runtime, profiler }: RunContext) {
    this.#model = model;
    this.#runtime = runtime;
    this.#profiler = profiler;
    this.#programs = new Programs(runtime, profiler);
  }

  /** Reads the weights of an expert into the place of those of the last one. */
  async load(layer: number, expert: number): Promise<void> {
    if (this.#loaded?.layer === layer && this.#loaded.expert === expert) return;
    this.#loaded = undefined;
    const { weights } = this.#part(layer, expert);
    const places = weights.map(({ name, input, shape }) => ({
      name,
      input,
      place: this.#space.tensor(input, ...shape),
    }));
    await this.#profiler.time("reading weights", async () => {
      for (const { name, place } of places)
        await this.#model.checkpoint.read(blockTensor(this.#model, layer, name), place.data);
    });
    this.#byName = new Map(places.map(({ name, place }) => [name, place.data]));
    this.#weights = Object.fromEntries(places.map(({ input, place }) => [input, place]));
    this.#loaded = { layer, expert };
  }

  /** A weight of the expert that is loaded, by its name within the block. */
  find(name: string): Float32Array | undefined {
    return this.#loaded && this.#byName.get(name);
  }

  /** Adds to `sum`, `[samples, rows, hidden]`, what the expert that is loaded makes of its rows, weighted. */
  async forward(batch: RoutedBatch, sum: FloatTensor): Promise<void> {
    const { layer, expert } = this.#current;
    const rows = batch.rowsOf(expert).flat();
    const { kind, definition } = blockAt(this.#model, layer);
    const program = await this.#programs.get(`expert ${kind}`, () =>
      expertGraph(this.#model.hiddenSize, expertsOf(definition)),
    );
    const size = this.#model.hiddenSize;
    await holding(this.#runtime, this.#weights, async (weights) => {
      for (let from = 0; from < rows.length; from += PART_POSITIONS) {
        const part = rows.slice(from, from + PART_POSITIONS);
        const x = this.#take("x", 1, part.length, size);
        const y = this.#take("y", 1, part.length, size);
        part.forEach((row, i) => x.data.set(rowAt(batch.x, row), i * size));
        await this.#profiler.time("forward", () =>
          program.run({ ...weights, [blockInputs.hidden]: x }, { [names.output]: y }),
        );
        part.forEach((row, i) => {
          addRow(rowAt(sum, row), y.data, i * size, batch.weightOf(row, expert));
        });
      }
    });
  }

  /** Runs something else of the expert that is loaded, as `BlockRunner.observe` does of a block; `hidden` are rows that are routed to it, `[1, rows, hidden]`. */
  async observe(
    name: string,
    make: (block: SizedBlock) => WrittenBlock,
    { hidden, batch }: BlockPass,
    ends: BatchEnds["ends"],
    done?: () => void,
  ): Promise<void> {
    const { hiddenSize } = this.#model;
    const key = `${name} of experts ${blockAt(this.#model, this.#current.layer).kind}`;
    const graph = this.#observedGraph(key, make);
    const program = await this.#programs.get(key, () => graph);
    await holding(this.#runtime, this.#weights, async (weights) => {
      const own = ends(batch, 0);
      const x = tensor(hidden, batch.samples, batch.tokens, hiddenSize);
      const inputs = takenBy(graph, { ...weights, [blockInputs.hidden]: x, ...own.inputs });
      await this.#profiler.time(name, () => program.run(inputs, own.outputs));
      done?.();
    });
  }

  /**
   * What the gradients of the matrices of the expert that is loaded are made of, by their names within the block; none where no row of
   * the batch is routed to it. Rows lie sample by sample, as many places for each as the one with the most rows needs, what is over being 0.
   */
  async backward(gradients: RoutedGradients, space: Workspace): Promise<Map<string, SiteGradients>> {
    const { layer, expert } = this.#current;
    const { batch, routed } = gradients;
    const rows = batch.rowsOf(expert);
    const positions = Math.max(...rows.map(({ length }) => length));
    if (positions === 0) return new Map();
    const { kind, definition } = blockAt(this.#model, layer);
    const { hiddenSize } = this.#model;
    const { graph, inputOf } = this.#backwardGraph(kind, expertsOf(definition));
    const program = await this.#programs.get(`expert backward ${kind}`, () => graph);
    const { samples } = batch;

    const x = this.#take("x", samples, positions, hiddenSize);
    const seed = this.#take("seed", samples, positions, hiddenSize);
    x.data.fill(0);
    seed.data.fill(0);
    eachPlace(rows, positions, (row, place) => {
      x.data.set(rowAt(batch.x, row), place * hiddenSize);
      addRow(rowAt(seed, place), rowAt(routed, row), 0, batch.weightOf(row, expert));
    });
    const outputs: Record<string, FloatTensor> = {
      [names.output]: this.#take("y", samples, positions, hiddenSize),
      [names.inputGradient]: this.#take("dx", samples, positions, hiddenSize),
    };
    const sites = new Map<string, SiteGradients>();
    const part = this.#part(layer, expert);
    for (const module of part.modules) {
      const own = nameInGraph(part, module);
      const inputName = inputOf.get(own) ?? names.input(own);
      const input = (outputs[inputName] ??= space.tensor(`expert ${inputName}`, samples, positions, module.in));
      const delta = space.tensor(`expert ${names.delta(own)}`, samples, module.out, positions);
      outputs[names.delta(own)] = delta;
      sites.set(module.name, { samples, positions, x: input, delta });
    }
    await holding(this.#runtime, this.#weights, async (held) => {
      for (const [part, from] of partsOf({
        samples,
        tokens: positions,
        texts: [],
        positions: undefined,
        lent: undefined,
      })) {
        const slice = (all: FloatTensor): FloatTensor => sliceSamples(all, from, part.samples);
        const places = Object.entries(outputs).map(([name, all]) => [name, slice(all)] as const);
        await this.#profiler.time("backward", () =>
          program.run(
            { ...held, [blockInputs.hidden]: slice(x), [names.outputGradient]: slice(seed) },
            Object.fromEntries(places),
          ),
        );
      }
    });
    if (!gradients.added.has(expert)) this.#add(gradients, rows, outputs);
    return sites;
  }

  /** Adds the gradients of what entered the expert, and of the weights of its outputs. */
  #add(
    { batch, routed, input, weights, added }: RoutedGradients,
    rows: readonly (readonly number[])[],
    outputs: Readonly<Record<string, FloatTensor>>,
  ): void {
    const { expert } = this.#current;
    const [y, dx] = [outputs[names.output], outputs[names.inputGradient]];
    if (y === undefined || dx === undefined) throw new Error("an expert's graph has an output and a gradient");
    const positions = elementAt(y.shape, 1);
    const experts = elementAt(batch.weights.shape, 2);
    eachPlace(rows, positions, (row, place) => {
      addRow(rowAt(input, row), rowAt(dx, place), 0, 1);
      weights.data[row * experts + expert] = dot(rowAt(routed, row), rowAt(y, place));
    });
    added.add(expert);
  }

  #observedGraph(key: string, make: (block: SizedBlock) => WrittenBlock): Graph {
    let graph = this.#observed.get(key);
    if (graph === undefined) {
      const { definition } = blockAt(this.#model, this.#current.layer);
      const { b, outputs } = make(expertBlock(this.#model.hiddenSize, expertsOf(definition)));
      this.#observed.set(key, (graph = b.graph(outputs)));
    }
    return graph;
  }

  #backwardGraph(kind: number, experts: Experts): BackwardGraph {
    let built = this.#backward.get(kind);
    if (built === undefined) this.#backward.set(kind, (built = expertBackwardGraph(this.#model.hiddenSize, experts)));
    return built;
  }

  #part(layer: number, expert: number): BlockPart {
    return elementAt(blockAt(this.#model, layer).experts, expert);
  }

  get #current(): { readonly layer: number; readonly expert: number } {
    if (this.#loaded === undefined) throw new Error("no expert is loaded");
    return this.#loaded;
  }

  #take(name: string, ...shape: number[]): FloatTensor {
    return this.#space.tensor(`rows ${name}`, ...shape);
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}

function expertsOf({ experts }: { readonly experts?: Experts }): Experts {
  if (experts === undefined) throw new Error("the block has no experts");
  return experts;
}

/** Every row of each sample, and its place where each sample has so many. */
function eachPlace(
  rows: readonly (readonly number[])[],
  positions: number,
  use: (row: number, place: number) => void,
): void {
  rows.forEach((own, sample) => {
    own.forEach((row, i) => {
      use(row, sample * positions + i);
    });
  });
}

/** A row over the last axis, all axes before it counted together. */
function rowAt({ data, shape }: FloatTensor, row: number): Float32Array {
  const size = elementAt(shape, shape.length - 1);
  return data.subarray(row * size, (row + 1) * size);
}

/** Adds to a row another one, which begins at `from`, times a factor. */
function addRow(row: Float32Array, other: Float32Array, from: number, factor: number): void {
  for (let i = 0; i < row.length; i++) row[i]! += factor * other[from + i]!;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
