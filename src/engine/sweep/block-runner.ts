import type { Dim, Graph } from "../graph/graph";
import type { Architecture, LayerKind } from "../model/architectures/architecture";
import { blockInputs } from "../model/architectures/block-builder";
import { ropeTables, type Rope } from "../model/architectures/rope";
import { blockAt, blockTensor, type Model, type ModelBlock } from "../model/model";
import { elementAt } from "../numbers/elements";
import {
  holding,
  sliceSamples,
  tensor,
  type FloatTensor,
  type Program,
  type Runtime,
  type Tensor,
  type Tensors,
} from "../runtime/runtime";
import { patchedGraph, patchNames, takingGraph } from "./patch-graphs";
import type { Branch } from "../model/architectures/block-builder";
import { backwardGraph, forwardGraph, names, type BackwardGraph, type SizedBlock } from "./block-graphs";
import { concatenate } from "./concatenate";
import type { LentKeyValue, LentStates } from "./lent-states";
import { PerLayerInputs } from "./per-layer-inputs";
import type { Profiler } from "./profiler";
import { Programs } from "./programs";
import type { RunContext } from "./run-context";
import { Workspace } from "./workspace";

/**
 * Positions that pass through a block at once: its inner tensors then stay in the processor's cache, and the products gain
 * nothing from more (measured on SmolLM2: 100 MiB less than with 2048, in the same time).
 */
export const PART_POSITIONS = 512;
/** A score that no softmax sees: far below every real one, and finite. */
const MASKED = -1e30;

/** The shape of a batch that a block runs on. */
export interface BlockBatch {
  readonly samples: number;
  readonly tokens: number;
  /** Per sample the ids of its text, whether all of them are read or not: what positions turn by may depend on their number. */
  readonly texts: readonly Int32Array[];
  /** Per sample the positions, counted from 0, whose output is asked for, of all samples equally many; undefined: all. */
  readonly positions: readonly (readonly number[])[] | undefined;
  /** What the batch's layers lend to each other; undefined where no two layers of it are run. */
  readonly lent: LentStates | undefined;
}

/** What the gradients of a matrix are made of, `∂y/∂W = Σ_t δ_tᵀ x_t` of every sample of a batch. */
export interface SiteGradients {
  readonly samples: number;
  readonly positions: number;
  /** The matrix' input, `[samples, positions, in]`. */
  readonly x: FloatTensor;
  /** The gradient of its output, transposed, `[samples, out, positions]`. */
  readonly delta: FloatTensor;
}

/** What the gradients of a block's matrices are made of, for one batch. */
export interface BlockGradients {
  /** `[samples, tokens, hidden]` */
  readonly inputGradient: Float32Array;
  /** What the gradients of the matrices are made of, by the module's name. */
  readonly sites: ReadonlyMap<string, SiteGradients>;
}

/** What a branch adds to the residual stream in another text, and where it is put in the place of its own. */
export interface Patch {
  readonly branch: Branch;
  /** `[tokens, hidden]` */
  readonly values: Float32Array;
  /** Per sample of the batch the position, counted from 0. */
  readonly positions: readonly number[];
}

/** Runs the blocks of a model, one at a time: holds the weights of one block and the compiled graphs that all of its kind share. */
export class BlockRunner {
  readonly #model: Model;
  readonly #runtime: Runtime;
  readonly #profiler: Profiler;
  /** The weights of the block that is loaded, in arrays that all kinds of blocks share. */
  #weights: Readonly<Record<string, FloatTensor>> = {};
  readonly #space = new Workspace();
  readonly #programs: Programs;
  /** Graphs of each kind of block, by what they are for. */
  readonly #graphs = new Map<string, Graph>();
  readonly #backward = new Map<string, BackwardGraph>();
  readonly #tables = new Map<string, Record<string, Tensor>>();
  readonly #perLayer: PerLayerInputs | undefined;
  /** Whether matrices of a kind of block are applied element by element. */
  readonly #identities = new Map<number, boolean>();
  #layer = -1;

  constructor({ model, runtime, profiler }: RunContext) {
    this.#model = model;
    this.#runtime = runtime;
    this.#profiler = profiler;
    this.#programs = new Programs(runtime, profiler);
    const { perLayer } = model.definition.embedding;
    this.#perLayer = perLayer && new PerLayerInputs({ model, runtime, profiler }, perLayer);
  }

  get architecture(): Architecture {
    return this.#model.definition;
  }

  /** Reads the weights of a block into the place of those of the last one. */
  async load(layer: number): Promise<void> {
    if (layer === this.#layer) return;
    this.#layer = -1;
    const { weights } = blockAt(this.#model, layer);
    this.#weights = Object.fromEntries(weights.map(({ name, shape }) => [name, this.#placeFor(name, shape)] as const));
    await this.#profiler.time("reading weights", async () => {
      for (const { name } of weights)
        await this.#model.checkpoint.read(blockTensor(this.#model, layer, name), this.weight(name));
    });
    this.#layer = layer;
  }

  /** What the block that is loaded is made of. */
  get block(): ModelBlock {
    return blockAt(this.#model, this.#layer);
  }

  #placeFor(name: string, shape: readonly number[]): FloatTensor {
    return tensor(
      this.#space.take(
        name,
        shape.reduce((a, b) => a * b, 1),
      ),
      ...shape,
    );
  }

  /** A graph of the kind of block that is loaded, and the program that it was compiled to. */
  async #programOf(
    name: string,
    make: (block: SizedBlock) => Graph,
  ): Promise<{ readonly graph: Graph; readonly program: Program }> {
    const key = `${name} of ${this.block.kind}`;
    let graph = this.#graphs.get(key);
    if (graph === undefined) this.#graphs.set(key, (graph = make(this.#sized())));
    const built = graph;
    return { graph, program: await this.#programs.get(key, () => built) };
  }

  #sized(): SizedBlock {
    return { hiddenSize: this.#model.hiddenSize, block: this.block.definition };
  }

  /** A weight of the block that is loaded, `[out, in]` row after row. */
  weight(name: string): Float32Array {
    const weight = this.#weights[name];
    if (weight === undefined) throw new Error(`the block has no weight ${name}`);
    return weight.data;
  }

  /** Runs the block forward; `output` takes `[samples, tokens, hidden]`, or `[samples, queries, hidden]` of the positions asked for. */
  async forward(hidden: Float32Array, batch: BlockBatch, output: Float32Array): Promise<void> {
    const selected = batch.positions !== undefined;
    const { graph, program } = await this.#programOf(`forward ${selected}`, (block) => forwardGraph(block, selected));
    const { x, y } = this.#ends(hidden, output, batch);
    await this.#profiler.time("forward", () =>
      this.#eachPart(batch, x, (inputs, part, from) =>
        program.run(inputs, {
          [names.output]: sliceSamples(y, from, part.samples),
          ...this.#lending(graph, batch, from, part.samples),
        }),
      ),
    );
  }

  /** Runs the block forward, all positions; `taken` takes what the branch adds to the residual stream, `[samples, tokens, hidden]`. */
  async forwardTaking(
    branch: Branch,
    hidden: Float32Array,
    batch: BlockBatch,
    { output, taken }: { readonly output: Float32Array; readonly taken: Float32Array },
  ): Promise<void> {
    const { graph, program } = await this.#programOf(`taking ${branch}`, (block) => takingGraph(block, branch));
    const { x, y } = this.#ends(hidden, output, batch);
    const t = tensor(taken, ...x.shape);
    await this.#profiler.time("forward", () =>
      this.#eachPart(batch, x, (inputs, part, from) =>
        program.run(inputs, {
          [names.output]: sliceSamples(y, from, part.samples),
          [patchNames.taken]: sliceSamples(t, from, part.samples),
          ...this.#lending(graph, batch, from, part.samples),
        }),
      ),
    );
  }

  /** Runs the block forward, all positions, with what a branch adds patched; `output` takes `[samples, tokens, hidden]`. */
  async forwardPatched(
    { branch, values, positions }: Patch,
    hidden: Float32Array,
    batch: BlockBatch,
    output: Float32Array,
  ): Promise<void> {
    const { program } = await this.#programOf(`patched ${branch}`, (block) => patchedGraph(block, branch));
    const { x, y } = this.#ends(hidden, output, batch);
    const mask = new Float32Array(batch.samples * batch.tokens);
    positions.forEach((position, sample) => (mask[sample * batch.tokens + position] = 1));
    const masks = tensor(mask, batch.samples, batch.tokens, 1);
    await this.#profiler.time("forward", () =>
      this.#eachPart(batch, x, (inputs, part, from) =>
        program.run(
          {
            ...inputs,
            [patchNames.patch]: tensor(values, 1, batch.tokens, this.#model.hiddenSize),
            [patchNames.mask]: sliceSamples(masks, from, part.samples),
          },
          { [names.output]: sliceSamples(y, from, part.samples) },
        ),
      ),
    );
  }

  /**
   * Runs another graph of the block that is loaded, part by part: `ends` says what else goes into a part and where its results
   * go, `done` may take them from there before the next. The graph is made once for each kind of block.
   */
  async observe(
    name: string,
    make: (block: SizedBlock) => Graph,
    hidden: Float32Array,
    batch: BlockBatch,
    ends: (part: BlockBatch, from: number) => { readonly inputs: Tensors; readonly outputs: Tensors },
    done?: () => void,
  ): Promise<void> {
    const { graph, program } = await this.#programOf(name, make);
    const x = tensor(hidden, batch.samples, batch.tokens, this.#model.hiddenSize);
    await this.#profiler.time(name, () =>
      this.#eachPart(batch, x, async (own, part, from) => {
        const { inputs, outputs } = ends(part, from);
        const lending = this.#lending(graph, batch, from, part.samples);
        await program.run(pick({ ...own, ...inputs }, graph.inputs), { ...outputs, ...lending });
        done?.();
      }),
    );
  }

  /** The gradient of the block's input, and what those of its matrices are made of; they stay until the workspace is used again. */
  async backward(
    hidden: Float32Array,
    batch: BlockBatch,
    outputGradient: Float32Array,
    workspace: Workspace,
  ): Promise<BlockGradients> {
    const selected = batch.positions !== undefined;
    const { graph, inputOf, positions: sitePositions } = this.#backwardGraph(selected);
    const { program } = await this.#programOf(`backward ${selected}`, () => graph);
    const { samples, tokens } = batch;
    const { hiddenSize } = this.#model;
    const { modules } = this.block;

    const take = (name: string, ...shape: number[]): FloatTensor =>
      tensor(
        workspace.take(
          name,
          shape.reduce((a, b) => a * b, 1),
        ),
        ...shape,
      );
    const inputGradient = take(names.inputGradient, samples, tokens, hiddenSize);
    const outputs: Record<string, FloatTensor> = { [names.inputGradient]: inputGradient };
    const sites = new Map<string, SiteGradients>();
    for (const module of modules) {
      const positions = positionsOf(sitePositions.get(module.name), batch);
      const inputName = inputOf.get(module.name) ?? names.input(module.name);
      const x = (outputs[inputName] ??= take(inputName, samples, positions, module.in));
      const delta = take(names.delta(module.name), samples, module.out, positions);
      outputs[names.delta(module.name)] = delta;
      sites.set(module.name, { samples, positions, x, delta });
    }
    const lender = this.architecture.layer(this.#layer).borrowsFrom;
    const returned = lender === undefined ? undefined : this.#returnedOf(lender, batch, take);
    if (returned !== undefined) for (const side of sides) outputs[names.borrowedGradient[side]] = returned[side];
    const lends = graph.inputs.some(({ attributes }) => attributes.name === names.lentGradient.key);
    const lentGradients = lends ? lentIn(batch).gradients(this.#layer) : undefined;
    const { x, y: seed } = this.#ends(hidden, outputGradient, batch);
    await this.#profiler.time("backward", () =>
      this.#eachPart(batch, x, (own, part, from) => {
        const inputs = {
          ...own,
          [names.outputGradient]: sliceSamples(seed, from, part.samples),
          ...(lentGradients && slicesOf(lentGradients, names.lentGradient, from, part.samples)),
        };
        const places = Object.entries(outputs).map(
          ([name, all]) => [name, sliceSamples(all, from, part.samples)] as const,
        );
        return program.run(pick(inputs, graph.inputs), Object.fromEntries(places));
      }),
    );
    if (lender !== undefined && returned !== undefined) lentIn(batch).giveBack(lender, this.#layer, returned);
    return { inputGradient: inputGradient.data, sites };
  }

  /** Where the gradients of what a layer has borrowed go. */
  #returnedOf(
    lender: number,
    batch: BlockBatch,
    take: (name: string, ...shape: number[]) => FloatTensor,
  ): LentKeyValue {
    const { shape } = lentIn(batch).of(lender).key;
    const { key, value } = names.borrowedGradient;
    return { key: take(key, ...shape), value: take(value, ...shape) };
  }

  /** Where a part of a batch puts what the block lends, of a graph that has it among its outputs. */
  #lending(graph: Graph, batch: BlockBatch, from: number, samples: number): Record<string, FloatTensor> {
    const shape = graph.outputs.get(names.lent.key)?.shape;
    if (shape === undefined) return {};
    const [, heads, , size] = shape;
    const place = lentIn(batch).place(this.#layer, [batch.samples, Number(heads), batch.tokens, Number(size)]);
    return slicesOf(place, names.lent, from, samples);
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

  async #inputs(weights: Tensors, hidden: Tensor, part: BlockBatch, from: number): Promise<Record<string, Tensor>> {
    const { borrowsFrom } = this.architecture.layer(this.#layer);
    const perLayer = await this.#perLayer?.at(this.#layer, part.texts, part.tokens);
    return {
      ...weights,
      ...this.#positionInputs(part),
      [blockInputs.hidden]: hidden,
      ...(perLayer && { [blockInputs.perLayer]: perLayer }),
      ...(borrowsFrom !== undefined && slicesOf(lentIn(part).of(borrowsFrom), borrowedInputs, from, part.samples)),
    };
  }

  /** Mask, positions, cosines and sines of a layer's kind, made once per shape. */
  #positionInputs(batch: BlockBatch): Record<string, Tensor> {
    const { layer, rope } = this.architecture;
    const kind = layer(this.#layer);
    const { window, rotary } = kind;
    const { samples, tokens, positions } = batch;
    const lengths = ropeOfKind(rope, kind)?.frequenciesAt === undefined ? undefined : lengthsOf(batch);
    const key = JSON.stringify([this.block.kind, window, rotary, samples, tokens, positions, lengths]);
    let inputs = this.#tables.get(key);
    if (inputs === undefined) {
      // two kinds of layers and two shapes of parts are in use at a time: older ones would only hold memory
      if (this.#tables.size >= 4) this.#tables.clear();
      this.#tables.set(key, (inputs = this.#makePositionInputs(kind, batch)));
    }
    return inputs;
  }

  /** Whether matrices of the block that is loaded are applied element by element. */
  #hasIdentity(): boolean {
    const { kind } = this.block;
    let has = this.#identities.get(kind);
    if (has === undefined) {
      const { inputs } = forwardGraph(this.#sized(), false);
      has = inputs.some(({ attributes }) => attributes.name === blockInputs.identity);
      this.#identities.set(kind, has);
    }
    return has;
  }

  #makePositionInputs(kind: LayerKind, batch: BlockBatch): Record<string, Tensor> {
    const { samples, tokens, positions } = batch;
    const queries = queriesIn(batch);
    const { queryScale, headSize } = this.architecture;
    const inputs: Record<string, Tensor> = {};
    const asked = positions ?? [Array.from({ length: tokens }, (_, i) => i)];
    inputs[blockInputs.mask] = this.#mask(asked, tokens, kind);
    if (positions !== undefined) {
      const selector = new Float32Array(samples * queries * tokens);
      positions.flat().forEach((position, row) => (selector[row * tokens + position] = 1));
      inputs[blockInputs.selector] = tensor(selector, samples, queries, tokens);
    }
    if (queryScale !== undefined)
      inputs[blockInputs.queryScales] = tensor(
        Float32Array.from(asked.flat(), queryScale),
        asked.length,
        1,
        queries,
        1,
      );
    if (this.#hasIdentity())
      inputs[blockInputs.identity] = tensor(identities(samples, headSize), samples, headSize, headSize);
    const rope = ropeOfKind(this.architecture.rope, kind);
    if (rope === undefined) return inputs;

    const { cosines, sines, rows, begins } = ropeTables(rope, lengthsOf(batch), tokens, kind.rotary ?? true);
    inputs[blockInputs.cosines] = tensor(cosines, rows, rope.rotated / 2);
    inputs[blockInputs.sines] = tensor(sines, rows, rope.rotated / 2);
    const inTable = (of: (sample: number) => readonly number[]): BigInt64Array =>
      BigInt64Array.from(begins.flatMap((begin, sample) => of(sample).map((position) => BigInt(begin + position))));
    const every = Array.from({ length: tokens }, (_, i) => i);
    inputs[blockInputs.positions] = tensor(
      inTable(() => every),
      samples,
      tokens,
    );
    if (positions)
      inputs[blockInputs.queryPositions] = tensor(
        inTable((sample) => elementAt(positions, sample)),
        samples,
        queries,
      );
    return inputs;
  }

  /** What is added to scores, `[rows, 1 or key heads, groups · queries, tokens]`, a row for each list of positions. */
  #mask(asked: readonly (readonly number[])[], tokens: number, { window, ...kind }: LayerKind): FloatTensor {
    const { queryHeads, positionBias } = this.architecture;
    const { keyValueHeads = this.architecture.keyValueHeads } = kind;
    const groups = queryHeads / keyValueHeads;
    const queries = elementAt(asked, 0).length;
    const masks = asked.map((own) => maskRows(own, tokens, window));
    if (positionBias === undefined) {
      const perRow = masks.map((mask) => repeat(mask, groups));
      return tensor(concatenate(perRow), asked.length, 1, groups * queries, tokens);
    }
    const perHead = asked.flatMap((own, row) =>
      Array.from({ length: queryHeads }, (_, head) =>
        elementAt(masks, row).map((masked, i) =>
          masked === 0 ? positionBias(head, elementAt(own, Math.floor(i / tokens)), i % tokens) : masked,
        ),
      ),
    );
    return tensor(concatenate(perHead), asked.length, keyValueHeads, groups * queries, tokens);
  }

  /** Samples of a batch that pass through a block together; the weights are the same for all. */
  async #eachPart(
    batch: BlockBatch,
    hidden: FloatTensor,
    run: (inputs: Record<string, Tensor>, part: BlockBatch, from: number) => Promise<void>,
  ): Promise<void> {
    const size = Math.max(1, Math.floor(PART_POSITIONS / batch.tokens));
    await holding(this.#runtime, this.#weights, async (weights) => {
      for (let from = 0; from < batch.samples; from += size) {
        const samples = Math.min(size, batch.samples - from);
        const part = {
          ...batch,
          samples,
          texts: batch.texts.slice(from, from + samples),
          positions: batch.positions?.slice(from, from + samples),
        };
        await run(await this.#inputs(weights, sliceSamples(hidden, from, samples), part, from), part, from);
      }
    });
  }

  async dispose(): Promise<void> {
    await this.#perLayer?.dispose();
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
function slicesOf(states: LentKeyValue, names: SideNames, from: number, samples: number): Record<string, FloatTensor> {
  return Object.fromEntries(sides.map((side) => [names[side], sliceSamples(states[side], from, samples)]));
}

const lengthsOf = ({ texts }: BlockBatch): number[] => texts.map(({ length }) => length);

/** The rope of a layer of that kind. */
function ropeOfKind(rope: Architecture["rope"], { window }: LayerKind): Rope | undefined {
  return (window === undefined ? undefined : rope?.sliding) ?? rope?.full;
}

/** Identity matrices `[count, size, size]`. */
function identities(count: number, size: number): Float32Array {
  return Float32Array.from({ length: count * size * size }, (_, i) => ((i % (size * size)) % (size + 1) === 0 ? 1 : 0));
}

/** The positions of a sample that a matrix has gradients at. */
function positionsOf(dim: Dim | undefined, batch: BlockBatch): number {
  return typeof dim === "number" ? dim : dim === "queries" ? queriesIn(batch) : batch.tokens;
}

/** Positions per sample whose output is asked for. */
function queriesIn({ tokens, positions }: BlockBatch): number {
  return positions === undefined ? tokens : elementAt(positions, 0).length;
}

/** `[rows, tokens]`: 0 where a position sees, MASKED where it does not. */
function maskRows(positions: readonly number[], tokens: number, window = Infinity): Float32Array {
  const mask = new Float32Array(positions.length * tokens).fill(MASKED);
  positions.forEach((position, row) => {
    const first = Math.max(0, position - window + 1);
    mask.fill(0, row * tokens + first, row * tokens + position + 1);
  });
  return mask;
}

function repeat(values: Float32Array, times: number): Float32Array {
  return times === 1 ? values : concatenate(Array.from({ length: times }, () => values));
}

/** The inputs that a graph really has: a weight that no gradient needs is none of them. */
function pick(
  tensors: Record<string, Tensor>,
  inputs: readonly { attributes: { name: string } }[],
): Record<string, Tensor> {
  const names = new Set(inputs.map(({ attributes: { name } }) => name));
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => names.has(name)));
}
