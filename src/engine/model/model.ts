import { basename, resolve } from "node:path";

import { ParamscopeError } from "../errors";
import type { Architecture } from "./architectures/architecture";
import { BlockBuilder, type BlockWeight } from "./architectures/block-builder";
import { outsideTensors } from "./architectures/outside-tensors";
import { architectureOf } from "./architectures/registry";
import type { Checkpoint } from "./checkpoint";
import { stampOf } from "./formats/model-files";
import { openCheckpoint } from "./formats/open";
import { quote } from "./formats/quote";
import { identityOf, tokenizerDigest } from "./identity";
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
  /** The tensors of a block, the same for all. */
  readonly blockWeights: readonly BlockWeight[];
  readonly modules: readonly ScoredModule[];
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Tokenizer;
  /** What tells it from all other models (`identity.ts`); found out when it is first asked for. */
  identity(): Promise<string>;
  /** Whether all its files are still what they were when it was opened. */
  isUnchanged(): Promise<boolean>;
  close(): Promise<void>;
}

/** The matrix of a block whose columns are the feed-forward neurons, as the architecture declares it. */
export function neuronsModule({ modules, definition }: Pick<Model, "modules" | "definition">): ScoredModule {
  const module = modules.find(({ name }) => name === definition.neurons);
  if (module === undefined) throw new Error(`the block has no ${definition.neurons}`);
  return module;
}

/** The tensor's full name in the checkpoint. */
export function blockTensor(model: Model, layer: number, name: string): string {
  return `${model.definition.blocks}.${layer}.${name}`;
}

/**
 * Opens a Hugging Face folder or a GGUF file and checks that every tensor that will be read is there in the right shape.
 * @throws ParamscopeError when it is not a model, is damaged, or is of an architecture that is not supported.
 */
export async function openModel(path: string): Promise<Model> {
  const stamp = await currentStamp(path);
  const isUnchanged = async (): Promise<boolean> => (await currentStamp(path)) === stamp;
  const checkpoint = await openCheckpoint(path);
  try {
    const stored = storedNames(architectureOf(checkpoint.config, path), checkpoint.tensors);
    const definition = withStoredHead(stored.definition, checkpoint);
    const builder = new BlockBuilder(definition.hiddenSize, false);
    definition.block(builder);
    const blockWeights = builder.weights;
    checkTensors(checkpoint, definition, blockWeights);
    const modules = blockWeights.flatMap(({ name, shape: [rows, columns, ...more] }) =>
      rows === undefined || columns === undefined || more.length > 0
        ? []
        : [{ name: name.slice(0, -".weight".length), out: rows, in: columns }],
    );
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
    const parameters = [...checkpoint.tensors.values()]
      .filter(({ name }) => stored.isOfText(name))
      .reduce((sum, { shape }) => sum + product(shape), 0);
    return {
      name: nameOf(path),
      architecture: definition.modelType,
      layers: definition.layers,
      hiddenSize: definition.hiddenSize,
      vocabularySize: definition.vocabularySize,
      context: definition.context,
      parameters,
      scored: definition.layers * modules.reduce((sum, module) => sum + module.out * module.in, 0),
      definition,
      blockWeights,
      modules,
      checkpoint,
      tokenizer,
      identity: () => (identity ??= findIdentity()),
      isUnchanged,
      close: () => checkpoint.close(),
    };
  } catch (error) {
    await checkpoint.close();
    throw error;
  }
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

function checkTensors(checkpoint: Checkpoint, definition: Architecture, weights: readonly BlockWeight[]): void {
  const check = (name: string, shape: readonly number[]): void => {
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
  for (let layer = 0; layer < definition.layers; layer++)
    for (const { name, shape } of weights) check(`${definition.blocks}.${layer}.${name}`, shape);
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
