import type { CutGraph } from "../graph/cut";
import type { Dim, Graph, Node, Shape } from "../graph/graph";
import type { Architecture } from "../model/architectures/architecture";
import { blockInputs, type Branch } from "../model/architectures/block-builder";
import type { BlockWeights, KeptWeights } from "../model/kept-weights";
import { blockAt, blockTensor, type Model, type ModelBlock } from "../model/model";
import { elementAt } from "../numbers/elements";
import {
  holding,
  sliceSamples,
  tensor,
  type FloatTensor,
  type Program,
  type Runtime,
  type Tensors,
} from "../runtime/runtime";
import { partsOf, queriesIn, takenBy, type BatchEnds, type BlockBatch, type BlockPass, type Held } from "./block-batch";
import type { BlockGradients, GradientStage, SiteGradients } from "./block-gradients";
import {
  backwardGraph,
  forwardGraph,
  holdingGraphs,
  names,
  type BackwardGraph,
  type HoldingGraphs,
  type SizedBlock,
  type WrittenBlock,
} from "./block-graphs";
import { expertNames } from "./decided-builder";
import { cutAtExperts, routedGradientGraph, routingGraph } from "./expert-graphs";
import { ExpertRunner, type RoutedGradients } from "./expert-runner";
import type { LentKeyValue, LentStates } from "./lent-states";
import { patchedGraph, patchNames, takingGraph } from "./patch-graphs";
import { PerLayerInputs } from "./per-layer-inputs";
import type { Profiler } from "./profiler";
import { PositionInputs } from "./position-inputs";
import { Programs } from "./programs";
import { RoutedBatch } from "./routed-batch";
import type { RunContext } from "./run-context";
import { Workspace } from "./workspace";

/** What a branch adds to the residual stream in another text, and where it is put in the place of its own. */
export interface Patch {
  readonly branch: Branch;
  /** `[tokens, hidden]` */
  readonly values: Float32Array;
  /** Per sample of the batch the position, counted from 0. */
  readonly positions: readonly number[];
}

/** A batch that passes a block forward. */
export interface ForwardPass extends BlockPass {
  /** Takes what comes out, `[samples, positions, hidden]`. */
  readonly output: Float32Array;
  /** Takes what is held of it for the way back. */
  readonly held?: Held | undefined;
}

/** A batch that passes a block backward. */
export interface BackwardPass {
  /** What entered it; asked for whenever it is needed. */
  readonly hidden: () => Promise<Float32Array>;
  readonly batch: BlockBatch;
  /** The gradient of its output at the positions asked for. */
  readonly outputGradient: Float32Array;
  /** Takes the gradients. */
  readonly space: Workspace;
  /** What was held of it on the way forward. */
  readonly held?: Held | undefined;
}

/** A graph of a block: whole, or before its experts and behind them. */
interface Halves extends Partial<CutGraph> {
  readonly key: string;
  readonly before: Graph;
}

/** Runs the blocks of a model, one at a time: holds the weights of one block and the compiled graphs that all of its kind share. */
export class BlockRunner {
  readonly #model: Model;
  readonly #runtime: Runtime;
  readonly #profiler: Profiler;
  /** The weights of the block that is loaded, in arrays that all kinds of blocks share unless they are kept. */
  #weights: BlockWeights = {};
  readonly #space = new Workspace();
  readonly #programs: Programs;
  readonly #experts: ExpertRunner;
  readonly #signal: AbortSignal | undefined;
  /** What is computed of each kind of block, by what it is for. */
  readonly #halves = new Map<string, Halves>();
  readonly #graphs = new Map<string, Graph>();
  readonly #backward = new Map<string, BackwardGraph>();
  readonly #holding = new Map<string, HoldingGraphs>();
  readonly #positions: PositionInputs;
  readonly #perLayer: PerLayerInputs | undefined;
  readonly #kept: KeptWeights | undefined;
  #layer = -1;

  /** @param kept weights that stay in memory: of a caller who changes none. */
  constructor({
    model,
    runtime,
    profiler,
    signal,
    kept,
  }: RunContext & { readonly signal?: AbortSignal | undefined; readonly kept?: KeptWeights | undefined }) {
    this.#kept = kept;
    this.#model = model;
    this.#runtime = runtime;
    this.#profiler = profiler;
    this.#programs = new Programs(runtime, profiler);
    this.#experts = new ExpertRunner({ model, runtime, profiler });
    this.#positions = new PositionInputs(model);
    this.#signal = signal;
    const { perLayer } = model.definition.embedding;
    this.#perLayer = perLayer && new PerLayerInputs({ model, runtime, profiler }, perLayer);
  }

  get architecture(): Architecture {
    return this.#model.definition;
  }

  /** Reads the weights of a block, into the place of those of the last one unless they are kept; those of experts when they come up. */
  async load(layer: number): Promise<void> {
    if (layer === this.#layer) return;
    this.#layer = -1;
    const { checkpoint } = this.#model;
    const known = this.#kept?.of(checkpoint, layer);
    if (known === undefined) {
      const { weights } = blockAt(this.#model, layer).common;
      const bytes = weights.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
      const isKept = this.#kept?.hasRoom(checkpoint, bytes) === true;
      const space = isKept ? new Workspace() : this.#space;
      this.#weights = Object.fromEntries(
        weights.map(({ name, shape }) => [name, space.tensor(name, ...shape)] as const),
      );
      await this.#profiler.time("reading weights", async () => {
        for (const { name } of weights) await checkpoint.read(blockTensor(this.#model, layer, name), this.weight(name));
      });
      if (isKept) this.#kept?.keep(layer, this.#weights);
    } else this.#weights = known;
    this.#layer = layer;
  }

  /** Reads the weights of an expert of the block that is loaded. */
  async loadExpert(expert: number): Promise<void> {
    await this.#experts.load(this.#layer, expert);
  }

  /** What the block that is loaded is made of. */
  get block(): ModelBlock {
    return blockAt(this.#model, this.#layer);
  }

  /** What is computed of the kind of block that is loaded, in its halves before and behind the experts where it has some. */
  #halvesOf(name: string, make: (block: SizedBlock) => WrittenBlock): Halves {
    const key = `${name} of ${this.block.kind}`;
    let halves = this.#halves.get(key);
    if (halves === undefined) {
      const written = make(this.#sized());
      const whole = (): Halves => ({ key, before: written.b.graph(written.outputs) });
      halves = written.b.routing === undefined ? whole() : { key, ...cutAtExperts(written) };
      this.#halves.set(key, halves);
    }
    return halves;
  }

  /** A graph of the kind of block that is loaded. */
  #graph(name: string, make: (block: SizedBlock) => Graph): Graph {
    const key = `${name} of ${this.block.kind}`;
    let graph = this.#graphs.get(key);
    if (graph === undefined) this.#graphs.set(key, (graph = make(this.#sized())));
    return graph;
  }

  /** The program of a graph of the kind of block that is loaded. */
  async #program(name: string, graph: Graph): Promise<Program> {
    return await this.#programs.get(`${name} of ${this.block.kind}`, () => graph);
  }

  #sized(): SizedBlock {
    return { hiddenSize: this.#model.hiddenSize, block: this.block.definition };
  }

  /** A weight of the block that is loaded, or of the expert of it that is, `[out, in]` row after row. */
  weight(name: string): Float32Array {
    const weight = this.findWeight(name);
    if (weight === undefined) throw new Error(`no weight ${name} is loaded`);
    return weight;
  }

  /** The same; undefined where it is an expert's that is not loaded. */
  findWeight(name: string): Float32Array | undefined {
    return this.#weights[name]?.data ?? this.#experts.find(name);
  }

  /**
   * Runs the block forward; each `output` takes `[samples, tokens, hidden]`, or `[samples, queries, hidden]` of the positions asked for.
   * Batches that pass together read each expert once.
   */
  async forward(passes: readonly ForwardPass[]): Promise<void> {
    const named = (selected: boolean, holds: boolean): BatchEnds[] =>
      passes
        .filter(({ batch, held }) => (batch.positions !== undefined) === selected && (held !== undefined) === holds)
        .map(({ hidden, batch, output, held = {} }) => {
          const { y } = this.#ends(hidden, output, batch);
          const outputs = { [names.output]: y, ...held };
          return { hidden, batch, ends: (part, from) => ({ outputs: slicesOf(outputs, from, part.samples) }) };
        });
    for (const selected of [false, true]) {
      await this.#run(
        "forward",
        `forward ${selected}`,
        (block) => forwardGraph(block, selected),
        named(selected, false),
      );
      await this.#run(
        "forward",
        `forward ${selected}, holding`,
        () => this.#holdingGraphs(selected).forward,
        named(selected, true),
      );
    }
  }

  /** Places for what is held of a batch in the block that is loaded; undefined where it has experts, who decide anew. */
  placesToHold(batch: BlockBatch): Held | undefined {
    if (this.block.experts.length > 0) return undefined;
    const { held } = this.#holdingGraphs(batch.positions !== undefined);
    return Object.fromEntries([...held].map(([name, { shape }]) => [name, madeFor(shape, batch)]));
  }

  /** Runs the block forward, all positions; `taken` takes what the branch adds to the residual stream, `[samples, tokens, hidden]`. */
  async forwardTaking(
    branch: Branch,
    hidden: Float32Array,
    batch: BlockBatch,
    { output, taken }: { readonly output: Float32Array; readonly taken: Float32Array },
  ): Promise<void> {
    const { x, y } = this.#ends(hidden, output, batch);
    const t = tensor(taken, ...x.shape);
    const ends: BatchEnds["ends"] = (part, from) => ({
      outputs: {
        [names.output]: sliceSamples(y, from, part.samples),
        [patchNames.taken]: sliceSamples(t, from, part.samples),
      },
    });
    await this.#run("forward", `taking ${branch}`, (block) => takingGraph(block, branch), [{ hidden, batch, ends }]);
  }

  /** Runs the block forward, all positions, with what a branch adds patched; `output` takes `[samples, tokens, hidden]`. */
  async forwardPatched(
    { branch, values, positions }: Patch,
    hidden: Float32Array,
    batch: BlockBatch,
    output: Float32Array,
  ): Promise<void> {
    const { y } = this.#ends(hidden, output, batch);
    const mask = new Float32Array(batch.samples * batch.tokens);
    positions.forEach((position, sample) => (mask[sample * batch.tokens + position] = 1));
    const masks = tensor(mask, batch.samples, batch.tokens, 1);
    const ends: BatchEnds["ends"] = (part, from) => ({
      inputs: {
        [patchNames.patch]: tensor(values, 1, batch.tokens, this.#model.hiddenSize),
        [patchNames.mask]: sliceSamples(masks, from, part.samples),
      },
      outputs: { [names.output]: sliceSamples(y, from, part.samples) },
    });
    await this.#run("forward", `patched ${branch}`, (block) => patchedGraph(block, branch), [{ hidden, batch, ends }]);
  }

  /**
   * Runs something else of the block that is loaded, part by part: `ends` says what else goes into a part and where its results
   * go, `done` may take them from there before the next. It is written once for each kind of block. Experts compute only where results depend on them.
   */
  async observe(
    name: string,
    make: (block: SizedBlock) => WrittenBlock,
    { hidden, batch }: BlockPass,
    ends: BatchEnds["ends"],
    done?: () => void,
  ): Promise<void> {
    await this.#run(name, name, make, [{ hidden, batch, ends, done }]);
  }

  /** The same of the expert that is loaded. */
  observeExpert(...observed: Parameters<ExpertRunner["observe"]>): Promise<void> {
    return this.#experts.observe(...observed);
  }

  /** Where batches are routed in the block that is loaded. */
  async route(passes: readonly BlockPass[]): Promise<RoutedBatch[]> {
    const routed: RoutedBatch[] = [];
    for (const pass of passes) {
      this.#signal?.throwIfAborted();
      const one = this.#routedBatch(pass.batch);
      const selected = pass.batch.positions !== undefined;
      const graph = this.#graph(`routing ${selected}`, (block) => routingGraph(block, selected));
      const program = await this.#program(`routing ${selected}`, graph);
      await this.#profiler.time("backward", () =>
        this.#eachPart(pass.batch, async (weights, part, from) =>
          program.run(await this.#inputs(graph, weights, pass, [part, from]), routedOutputs(one, part, from)),
        ),
      );
      routed.push(one);
    }
    return routed;
  }

  /**
   * Computes outputs of the block for batches: as a whole, or before its experts, by the experts one after the other, and behind them.
   * @param phase what the time counts as.
   */
  async #run(
    phase: string,
    name: string,
    make: (block: SizedBlock) => WrittenBlock,
    batches: readonly BatchEnds[],
  ): Promise<void> {
    if (batches.length === 0) return;
    const { key, before, behind, kept = new Map<string, Node>() } = this.#halvesOf(name, make);
    const first = await this.#programs.get(`${key}, first`, () => before);
    const goesOn = behind !== undefined && behind.outputs.size > 0;
    const passing: { batch: BatchEnds; routed: RoutedBatch; sum: FloatTensor; held: Record<string, FloatTensor> }[] =
      [];
    for (const batch of batches) {
      this.#signal?.throwIfAborted();
      const routed = behind && this.#routedBatch(batch.batch);
      const held = Object.fromEntries(
        [...kept].map(([name, { shape }]) => [name, madeFor(shape, batch.batch)] as const),
      );
      await this.#profiler.time(phase, () =>
        this.#eachPart(batch.batch, async (weights, part, from) => {
          const { inputs, outputs } = batch.ends(part, from);
          const own = Object.entries(outputs).filter(([name]) => before.outputs.has(name));
          await first.run(await this.#inputs(before, weights, batch, [part, from], inputs), {
            ...Object.fromEntries(own),
            ...this.#lending(before, batch.batch, from, part.samples),
            ...(routed && routedOutputs(routed, part, from)),
            ...slicesOf(held, from, part.samples),
          });
          if (!goesOn) batch.done?.();
        }),
      );
      if (routed && goesOn) passing.push({ batch, routed, sum: routed.zeros(), held });
    }
    if (behind === undefined || !goesOn) return;

    for (const expert of this.#reached(passing.map(({ routed }) => routed))) {
      await this.loadExpert(expert);
      for (const { routed, sum } of passing) {
        this.#signal?.throwIfAborted();
        await this.#experts.forward(routed, sum);
      }
    }

    const second = await this.#programs.get(`${key}, second`, () => behind);
    for (const { batch, sum, held } of passing)
      await this.#profiler.time(phase, () =>
        this.#eachPart(batch.batch, async (weights, part, from) => {
          const { inputs, outputs } = batch.ends(part, from);
          const more = { ...inputs, ...slicesOf({ ...held, [blockInputs.routed]: sum }, from, part.samples) };
          const own = Object.entries(outputs).filter(([name]) => behind.outputs.has(name));
          await second.run(await this.#inputs(behind, weights, batch, [part, from], more), Object.fromEntries(own));
          batch.done?.();
        }),
      );
  }

  /** The experts that any row of the batches is routed to. */
  #reached(batches: readonly RoutedBatch[]): number[] {
    return [...this.block.experts.keys()].filter((expert) => batches.some((batch) => batch.reaches(expert)));
  }

  #routedBatch(batch: BlockBatch): RoutedBatch {
    return new RoutedBatch(batch, { experts: this.block.experts.length, hiddenSize: this.#model.hiddenSize });
  }

  /**
   * The block's backward pass for some batches, in stages: per batch what the gradients of its matrices are made of and, in the last stage,
   * the gradient of its input.
   * @param readsAll every expert is a stage of its own, whose weights are read whether tokens reach it or not.
   */
  async *backward(passes: readonly BackwardPass[], readsAll = false): AsyncGenerator<GradientStage, void, void> {
    const { common, experts, modules } = this.block;
    if (experts.length === 0) {
      yield { modules, gradients: (batch) => this.#commonGradients(elementAt(passes, batch)) };
      return;
    }
    const routed: RoutedGradients[] = [];
    for (const pass of passes) routed.push(await this.#routedGradients(pass));
    const reached = readsAll ? [...experts.keys()] : this.#reached(routed.map(({ batch }) => batch));
    for (const expert of reached) {
      await this.loadExpert(expert);
      yield {
        modules: elementAt(experts, expert).modules,
        gradients: async (batch) => ({
          inputGradient: undefined,
          sites: await this.#experts.backward(elementAt(routed, batch), elementAt(passes, batch).space),
        }),
      };
    }
    for (const { modules } of experts.filter((_, expert) => !reached.includes(expert)))
      yield {
        modules,
        gradients: () => Promise.resolve({ inputGradient: undefined, sites: new Map<string, SiteGradients>() }),
      };
    yield {
      modules: common.modules,
      gradients: (batch) => this.#commonGradients(elementAt(passes, batch), elementAt(routed, batch)),
      routed: routed.map(({ batch }) => batch),
    };
  }

  /** Where a batch is routed, and the gradient of what its experts add up to. */
  async #routedGradients(pass: BackwardPass): Promise<RoutedGradients> {
    const hidden = await pass.hidden();
    const { batch } = pass;
    const [routed] = await this.route([{ hidden, batch }]);
    if (routed === undefined) throw new Error("a batch is routed");
    const selected = batch.positions !== undefined;
    const graph = this.#graph(`routed gradient ${selected}`, (block) => routedGradientGraph(block, selected));
    const program = await this.#program(`routed gradient ${selected}`, graph);
    const [gradient, input] = [routed.zeros(), routed.zeros()];
    const { y: seed } = this.#ends(hidden, pass.outputGradient, batch);
    await this.#profiler.time("backward", () =>
      this.#eachPart(batch, (_, part, from) =>
        program.run(
          { [names.outputGradient]: sliceSamples(seed, from, part.samples) },
          { [expertNames.routedGradient]: sliceSamples(gradient, from, part.samples) },
        ),
      ),
    );
    const weights = tensor(new Float32Array(routed.weights.data.length), ...routed.weights.shape);
    return { batch: routed, routed: gradient, input, weights, added: new Set() };
  }

  /** What is no expert's: the gradient of the block's input, and what those of its matrices are made of. */
  async #commonGradients(pass: BackwardPass, routed?: RoutedGradients): Promise<BlockGradients> {
    const { batch, outputGradient, space, held } = pass;
    const hidden = await pass.hidden();
    const selected = batch.positions !== undefined;
    const built = held === undefined ? this.#backwardGraph(selected) : this.#holdingGraphs(selected).backward;
    const { graph, inputOf, positions: sitePositions } = built;
    const program = await this.#program(`backward ${selected} ${held !== undefined}`, graph);
    const { samples, tokens } = batch;
    const inputGradient = space.tensor(names.inputGradient, samples, tokens, this.#model.hiddenSize);
    const outputs: Record<string, FloatTensor> = { [names.inputGradient]: inputGradient };
    const sites = new Map<string, SiteGradients>();
    for (const module of this.block.common.modules) {
      const positions = positionsOf(sitePositions.get(module.name), batch);
      const inputName = inputOf.get(module.name) ?? names.input(module.name);
      const x = (outputs[inputName] ??= space.tensor(inputName, samples, positions, module.in));
      const delta = space.tensor(names.delta(module.name), samples, module.out, positions);
      outputs[names.delta(module.name)] = delta;
      sites.set(module.name, { samples, positions, x, delta });
    }
    const lender = this.architecture.layer(this.#layer).borrowsFrom;
    const returned = lender === undefined ? undefined : this.#returnedOf(lender, batch, space);
    if (returned !== undefined) for (const side of sides) outputs[names.borrowedGradient[side]] = returned[side];
    const lends = graph.inputs.some(({ attributes }) => attributes.name === names.lentGradient.key);
    const lentGradients = lends ? lentIn(batch).gradients(this.#layer) : undefined;
    const { y: seed } = this.#ends(hidden, outputGradient, batch);
    const seeds: Record<string, FloatTensor> = {
      [names.outputGradient]: seed,
      ...held,
      ...(routed && {
        [expertNames.chosen]: routed.batch.chosen,
        [expertNames.inputGradient]: routed.input,
        [expertNames.weightGradient]: routed.weights,
      }),
    };
    await this.#profiler.time("backward", () =>
      this.#eachPart(batch, async (weights, part, from) => {
        const more = {
          ...slicesOf(seeds, from, part.samples),
          ...(lentGradients && sidesOf(lentGradients, names.lentGradient, from, part.samples)),
        };
        const inputs = await this.#inputs(graph, weights, { hidden, batch }, [part, from], more);
        await program.run(inputs, slicesOf(outputs, from, part.samples));
      }),
    );
    if (lender !== undefined && returned !== undefined) lentIn(batch).giveBack(lender, this.#layer, returned);
    return { inputGradient: inputGradient.data, sites };
  }

  /** What goes into a block, and what comes out of it at the positions asked for. */
  #ends(hidden: Float32Array, output: Float32Array, batch: BlockBatch) {
    const { hiddenSize } = this.#model;
    const { samples, tokens } = batch;
    return {
      x: tensor(hidden, samples, tokens, hiddenSize),
      y: tensor(output, samples, queriesIn(batch), hiddenSize),
    };
  }

  #backwardGraph(selected: boolean): BackwardGraph {
    const key = `${this.block.kind} ${selected}`;
    let built = this.#backward.get(key);
    if (built === undefined) this.#backward.set(key, (built = backwardGraph(this.#sized(), selected)));
    return built;
  }

  #holdingGraphs(selected: boolean): HoldingGraphs {
    const key = `${this.block.kind} ${selected}`;
    let built = this.#holding.get(key);
    if (built === undefined) this.#holding.set(key, (built = holdingGraphs(this.#sized(), selected)));
    return built;
  }

  /** What a graph is given for a part of a batch, whose first sample has the number `from`. */
  async #inputs(
    graph: Graph,
    weights: Tensors,
    { hidden, batch }: BlockPass,
    [part, from]: readonly [part: BlockBatch, from: number],
    more: Tensors = {},
  ): Promise<Tensors> {
    const x = sliceSamples(tensor(hidden, batch.samples, batch.tokens, this.#model.hiddenSize), from, part.samples);
    const { borrowsFrom } = this.architecture.layer(this.#layer);
    const perLayer = await this.#perLayer?.at(this.#layer, part.texts, part.tokens);
    return takenBy(graph, {
      ...weights,
      ...this.#positions.of(this.#layer, part),
      [blockInputs.hidden]: x,
      ...(perLayer && { [blockInputs.perLayer]: perLayer }),
      ...(borrowsFrom !== undefined && sidesOf(lentIn(part).of(borrowsFrom), borrowedInputs, from, part.samples)),
      ...more,
    });
  }

  /** Where the gradients of what a layer has borrowed go. */
  #returnedOf(lender: number, batch: BlockBatch, space: Workspace): LentKeyValue {
    const { shape } = lentIn(batch).of(lender).key;
    const { key, value } = names.borrowedGradient;
    return { key: space.tensor(key, ...shape), value: space.tensor(value, ...shape) };
  }

  /** Where a part of a batch puts what the block lends, of a graph that has it among its outputs. */
  #lending(graph: Graph, batch: BlockBatch, from: number, samples: number): Record<string, FloatTensor> {
    const shape = graph.outputs.get(names.lent.key)?.shape;
    if (shape === undefined) return {};
    const [, heads, , size] = shape;
    const place = lentIn(batch).place(this.#layer, [batch.samples, Number(heads), batch.tokens, Number(size)]);
    return sidesOf(place, names.lent, from, samples);
  }

  /** Samples of a batch that pass through a block together; the weights are the same for all. */
  async #eachPart(
    batch: BlockBatch,
    run: (weights: Tensors, part: BlockBatch, from: number) => Promise<void>,
  ): Promise<void> {
    await holding(this.#runtime, this.#weights, async (weights) => {
      for (const [part, from] of partsOf(batch)) await run(weights, part, from);
    });
  }

  async dispose(): Promise<void> {
    await this.#perLayer?.dispose();
    await this.#experts.dispose();
    await this.#programs.dispose();
  }
}

const sides = ["key", "value"] as const;
type SideNames = Readonly<Record<(typeof sides)[number], string>>;
const borrowedInputs: SideNames = { key: blockInputs.borrowedKey, value: blockInputs.borrowedValue };

function lentIn({ lent }: BlockBatch): LentStates {
  if (lent === undefined) throw new Error("a layer borrows where no two are run");
  return lent;
}

/** Some samples of keys and values, under these names. */
function sidesOf(states: LentKeyValue, names: SideNames, from: number, samples: number): Record<string, FloatTensor> {
  return Object.fromEntries(sides.map((side) => [names[side], sliceSamples(states[side], from, samples)]));
}

/** The positions of a sample that a matrix has gradients at. */
function positionsOf(dim: Dim | undefined, batch: BlockBatch): number {
  return typeof dim === "number" ? dim : dim === "queries" ? queriesIn(batch) : batch.tokens;
}

/** The part of each tensor from sample `from` on. */
function slicesOf(
  tensors: Readonly<Record<string, FloatTensor>>,
  from: number,
  samples: number,
): Record<string, FloatTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, all]) => [name, sliceSamples(all, from, samples)]));
}

/** Where a part of a batch says how it is routed. */
function routedOutputs(
  { x, chosen, weights }: RoutedBatch,
  part: BlockBatch,
  from: number,
): Record<string, FloatTensor> {
  const all = { [expertNames.x]: x, [expertNames.chosen]: chosen, [expertNames.weights]: weights };
  return slicesOf(all, from, part.samples);
}

/** A tensor of that shape, `[batch, …]`, for a whole batch. */
function madeFor(shape: Shape, batch: BlockBatch): FloatTensor {
  const sizes = shape.map((dim) => (dim === "batch" ? batch.samples : positionsOf(dim, batch)));
  return tensor(new Float32Array(sizes.reduce((a, b) => a * b, 1)), ...sizes);
}
