import { basename, resolve } from "node:path";

import { ParamscopeError } from "../errors";
import { elementAt } from "../numbers/elements";
import { blockOf, type Architecture, type Block } from "./architectures/architecture";
import { BlockBuilder, type BlockWeight } from "./architectures/block-builder";
import { outsideTensors } from "./architectures/outside-tensors";
import { architectureOf } from "./architectures/registry";
import type { Checkpoint } from "./checkpoint";
import { stampOf } from "./formats/model-files";
import { openCheckpoint } from "./formats/open";
import { quote } from "./formats/quote";
import { identityOf, tokenizerDigest } from "./identity";
import { KeptWeights } from "./kept-weights";
import { refuseUnknownTensors } from "./known-tensors";
import type { Tokenizer } from "./tokenizer/tokenizer";
import { openTokenizer } from "./tokenizer/open";
import { storedNames } from "./wrapped-names";

/** A scored matrix of a block, `[out, in]`. */
export interface ScoredModule {
  /** The module's name as in the Hugging Face checkpoint, without block prefix and `.weight`. */
  readonly name: string;
  readonly out: number;
  readonly in: number;
}

/** What one kind of block is made of. */
export interface ModelBlock {
  /** The kind's number: programs compiled for one kind serve all its layers. */
  readonly kind: number;
  readonly definition: Block;
  /** Every tensor that it reads, those of experts behind all others. */
  readonly weights: readonly BlockWeight[];
  /** Those of them that are scored. */
  readonly modules: readonly ScoredModule[];
  /** What is no expert's. */
  readonly common: BlockPart;
  /** One after the other; none where its feed-forward is no mixture. */
  readonly experts: readonly BlockPart[];
  /** How many numbers of keys and values it lends to later layers for each token. */
  readonly lent: number;
}

/** Tensors of a block that are in memory together. */
export interface BlockPart {
  /** `name` is the tensor's within the block, `input` that of the graph's input which takes it. */
  readonly weights: readonly (BlockWeight & { readonly input: string })[];
  readonly modules: readonly ScoredModule[];
}

/** An opened model: its description is known and checked, its weights are still on disk. */
export interface Model {
  readonly name: string;
  /** The `model_type` of its configuration. */
  readonly architecture: string;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  /** The longest text it can read, in ids. */
  readonly context: number;
  /** Of a model that sees as well those of its text model. */
  readonly parameters: number;
  /** Parameters of the 2-D matrices inside the blocks. */
  readonly scored: number;
  readonly definition: Architecture;
  /** The block of each layer; layers of one kind have the same object. */
  readonly blocks: readonly ModelBlock[];
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Tokenizer;
  /** Weights that stay in memory between runs, where there are several. */
  readonly kept?: KeptWeights;
  /** What tells it from all other models (`identity.ts`); found out when it is first asked for. */
  identity(): Promise<string>;
  /** Whether all its files are still what they were when it was opened. */
  isUnchanged(): Promise<boolean>;
  close(): Promise<void>;
}

/** What the block of a layer is made of. */
export function blockAt({ blocks }: Pick<Model, "blocks">, layer: number): ModelBlock {
  return elementAt(blocks, layer);
}

/** The scored matrices of a layer. */
export function modulesAt(model: Pick<Model, "blocks">, layer: number): readonly ScoredModule[] {
  return blockAt(model, layer).modules;
}

/** One block of each kind that the model has. */
export function kindsOfBlocks({ blocks }: Pick<Model, "blocks">): ModelBlock[] {
  return [...new Set(blocks)];
}

/** The scored matrices of all kinds of blocks: of any layer, the matrices that it can have. */
export function modulesOfKinds(model: Pick<Model, "blocks">): ScoredModule[] {
  return kindsOfBlocks(model).flatMap(({ modules }) => modules);
}

/** The scored parameters of a layer. */
export function scoredAt(model: Pick<Model, "blocks">, layer: number): number {
  return parametersOf(modulesAt(model, layer));
}

/** The scored matrices that are in memory together, of each kind of block: of experts those of one. */
export function heldTogether(model: Pick<Model, "blocks">): ScoredModule[][] {
  return kindsOfBlocks(model).map(({ common, experts }) => [...common.modules, ...(experts[0]?.modules ?? [])]);
}

/** The scored parameters of the largest block, as far as they are in memory together. */
export function largestBlock(model: Pick<Model, "blocks">): number {
  return Math.max(...heldTogether(model).map(parametersOf));
}

/** The most that a block has between inputs and outputs for each token (`Block.between`). */
export function mostBetween(model: Pick<Model, "blocks">): number {
  return Math.max(...kindsOfBlocks(model).map(({ definition: { between = 0 } }) => between));
}

/** The parameters of matrices. */
export function parametersOf(modules: readonly ScoredModule[]): number {
  return modules.reduce((sum, module) => sum + module.out * module.in, 0);
}

/** The matrix of a layer whose columns are the feed-forward neurons, as the architecture declares it; undefined where there is none. */
export function neuronsAt(model: Pick<Model, "blocks">, layer: number): ScoredModule | undefined {
  const { modules, definition } = blockAt(model, layer);
  if (definition.neurons === undefined) return undefined;
  const module = modules.find(({ name }) => name === definition.neurons);
  if (module === undefined) throw new Error(`the block has no ${definition.neurons}`);
  return module;
}

/** The same, of a layer that is known to have one. */
export function requiredNeurons(model: Pick<Model, "blocks">, layer: number): ScoredModule {
  const module = neuronsAt(model, layer);
  if (module === undefined) throw new Error(`layer ${layer} has no matrix of neurons`);
  return module;
}

/** What a matrix of a part is called in the part's graph: an expert's has its name within the expert. */
export function nameInGraph({ weights }: BlockPart, module: ScoredModule): string {
  const weight = weights.find(({ name }) => name === `${module.name}.weight`);
  if (weight === undefined) throw new Error(`${module.name} is not of this part of the block`);
  return weight.input.slice(0, -".weight".length);
}

/** The tensor's full name in the checkpoint. */
export function blockTensor(model: Model, layer: number, name: string): string {
  return `${model.definition.blocks}.${layer}.${name}`;
}

export interface OpenOptions {
  /** So many bytes of its blocks' weights stay in memory between runs, for who runs it again and again; none unless given. */
  readonly keeps?: number;
}

/**
 * Opens a Hugging Face folder or a GGUF file and checks that every tensor that will be read is there in the right shape.
 * @throws ParamscopeError when it is not a model, is damaged, or is of an architecture that is not supported.
 */
export async function openModel(path: string, { keeps = 0 }: OpenOptions = {}): Promise<Model> {
  const stamp = await currentStamp(path);
  const isUnchanged = async (): Promise<boolean> => (await currentStamp(path)) === stamp;
  const checkpoint = await openCheckpoint(path);
  try {
    const stored = storedNames(
      architectureOf(checkpoint.config, path, [...checkpoint.tensors.keys()]),
      checkpoint.tensors,
    );
    const definition = withStoredHead(stored.definition, checkpoint);
    const blocks = blocksOf(definition);
    const known = checkTensors(checkpoint, definition, blocks);
    await refuseUnknownTensors(checkpoint, known, { isOfText: stored.isOfText, definition });
    const tokenizer = await openTokenizer(path, checkpoint);
    const digest = await tokenizerDigest(checkpoint);
    if (!(await isUnchanged()))
      throw new ParamscopeError(
        `${path} changed while it was opened.`,
        "Try again once its files are as they shall be.",
      );
    let identity: Promise<string> | undefined;
    const findIdentity = (): Promise<string> => {
      const found = identityOf(checkpoint, digest);
      // One that could not be found out is tried anew.
      found.catch(() => (identity = undefined));
      return found;
    };
    return {
      name: nameOf(path),
      ...describedBy(checkpoint, definition, blocks, known),
      tokenizer,
      ...(keeps > 0 && { kept: new KeptWeights(checkpoint, keeps) }),
      identity: () => (identity ??= findIdentity()),
      isUnchanged,
      close: () => checkpoint.close(),
    };
  } catch (error) {
    await checkpoint.close();
    throw error;
  }
}

/**
 * The same model as another checkpoint has it: fewer layers, narrower matrices, and a configuration that says so. Tokenizer, name and identity stay.
 * @throws ParamscopeError when that configuration cannot be read, or does not describe the tensors.
 */
export function reshapedModel(model: Model, checkpoint: Checkpoint): Model {
  const { config, path, tensors } = checkpoint;
  const definition = withStoredHead(architectureOf(config, path, [...tensors.keys()]), checkpoint);
  const blocks = blocksOf(definition);
  return { ...model, ...describedBy(checkpoint, definition, blocks, checkTensors(checkpoint, definition, blocks)) };
}

/** @param known the names of the tensors that are read. */
function describedBy(
  checkpoint: Checkpoint,
  definition: Architecture,
  blocks: readonly ModelBlock[],
  known: ReadonlySet<string>,
) {
  const parameters = [...checkpoint.tensors.values()]
    .filter(({ name }) => known.has(name))
    .reduce((sum, { shape }) => sum + product(shape), 0);
  return {
    architecture: definition.modelType,
    layers: definition.layers,
    hiddenSize: definition.hiddenSize,
    vocabularySize: definition.vocabularySize,
    context: definition.context,
    parameters,
    scored: blocks.reduce((sum, { modules }) => sum + parametersOf(modules), 0),
    definition,
    blocks,
    checkpoint,
  } satisfies Partial<Model>;
}

/** What the block of every layer is made of, one object for each kind. */
function blocksOf(definition: Architecture): ModelBlock[] {
  const known = new Map<Block, ModelBlock>();
  return Array.from({ length: definition.layers }, (_, layer) => {
    const block = blockOf(definition, layer);
    let made = known.get(block);
    if (made === undefined) known.set(block, (made = { kind: known.size, ...madeOf(block, definition) }));
    return made;
  });
}

function madeOf(block: Block, { hiddenSize }: Architecture): Omit<ModelBlock, "kind"> {
  const builder = written(hiddenSize, (b) => block.compute(b));
  const common = partOf(builder.weights, (name) => name);
  const [, heads = 0, , size = 0] = builder.lent?.key.shape ?? [];
  const { count, compute, nameOf } = block.experts ?? { count: 0 };
  const ofExpert = compute === undefined ? [] : written(hiddenSize, (b) => compute(b, b.hidden)).weights;
  const experts = Array.from({ length: count }, (_, expert) =>
    partOf(ofExpert, (name) => nameOf?.(name, expert) ?? name),
  );
  const parts = [common, ...experts];
  return {
    definition: block,
    weights: parts.flatMap(({ weights }) => weights.map(({ name, shape }) => ({ name, shape }))),
    modules: parts.flatMap(({ modules }) => modules),
    common,
    experts,
    lent: 2 * Number(heads) * Number(size),
  };
}

function written(hiddenSize: number, write: (b: BlockBuilder) => unknown): BlockBuilder {
  const builder = new BlockBuilder(hiddenSize, false);
  write(builder);
  return builder;
}

/** @param nameOf what a module of the graph is called in the block. */
function partOf(weights: readonly BlockWeight[], nameOf: (name: string) => string): BlockPart {
  const named = weights.map(({ name: input, shape }) => {
    const dot = input.lastIndexOf(".");
    const isModule = /\.(weight|bias)$/.test(input);
    return { name: isModule ? nameOf(input.slice(0, dot)) + input.slice(dot) : input, input, shape };
  });
  const modules = named.flatMap(({ name, shape: [rows, columns, ...more] }) =>
    rows === undefined || columns === undefined || more.length > 0
      ? []
      : [{ name: name.slice(0, -".weight".length), out: rows, in: columns }],
  );
  return { weights: named, modules };
}

/** Undefined where there is nothing to open: what is wrong there is said by who opens it. */
function currentStamp(path: string): Promise<string | undefined> {
  return stampOf(path).catch(() => undefined);
}

const product = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

/** The folder's or file's own name; of a snapshot in the hub's cache the repository's. */
function nameOf(path: string): string {
  const absolute = resolve(path);
  const repository = /models--[^/\\]+?--([^/\\]+)[/\\]snapshots[/\\]/.exec(absolute)?.[1];
  return repository ?? basename(absolute).replace(/(-\d{5}-of-\d{5})?\.gguf$/, "");
}

/**
 * Where a head is stored it counts, whatever the configuration says of it; where a tied model has only its head, that is the embedding too: so
 * transformers has it (`tie_weights` in modeling_utils.py).
 */
function withStoredHead(definition: Architecture, { tensors }: Checkpoint): Architecture {
  const { head, embedding } = definition;
  if (!head.isTied) return definition;
  if (tensors.has(head.weight))
    return tensors.has(embedding.tokens)
      ? definition
      : { ...definition, embedding: { ...embedding, tokens: head.weight } };
  return { ...definition, head: { ...head, weight: embedding.tokens } };
}

/** Checks that all tensors that are read are there in the right shape, and returns their names. @throws ParamscopeError */
function checkTensors(checkpoint: Checkpoint, definition: Architecture, blocks: readonly ModelBlock[]): Set<string> {
  const known = new Set<string>();
  const check = (name: string, shape: readonly number[]): void => {
    known.add(name);
    const tensor = checkpoint.tensors.get(name);
    if (tensor === undefined && name === definition.head.weight && name !== definition.embedding.tokens)
      throw withoutHead(checkpoint, name);
    if (tensor === undefined)
      throw new ParamscopeError(
        `${checkpoint.path} lacks the tensor ${name}.`,
        "The download may be incomplete, or the configuration is that of another model: get it again.",
      );
    if (tensor.shape.length !== shape.length || shape.some((dim, i) => tensor.shape[i] !== dim))
      throw new ParamscopeError(
        `${checkpoint.path}: the tensor ${name} has the shape [${tensor.shape.join(", ")}], and by the configuration it should be [${shape.join(", ")}].`,
        "The configuration and the weights are of different models: get both again from one place.",
      );
  };
  for (const { name, shape } of outsideTensors(definition).values()) check(name, shape);
  for (const [layer, { weights }] of blocks.entries())
    for (const { name, shape } of weights) check(`${definition.blocks}.${layer}.${name}`, shape);
  return known;
}

/** Of a model for another task than going on with a text the base is the same; of an embedding model it is all there is. */
function withoutHead({ path, config }: Checkpoint, name: string): ParamscopeError {
  const [built] = Array.isArray(config.architectures) ? (config.architectures as unknown[]) : [];
  const isOther = typeof built === "string" && !/CausalLM|LMHead/.test(built);
  return new ParamscopeError(
    `${path} lacks the tensor ${name}, the head that predicts tokens${isOther ? `: it is a ${quote(built)}` : ""}.`,
    isOther
      ? "Use the model that it was made of, or another one for causal language modelling."
      : "The download may be incomplete, or the configuration is that of another model: get it again.",
  );
}
