import { ParamscopeError } from "../errors";
import { blockTensor, type Model } from "../model/model";
import { zip } from "../numbers/elements";
import { serialize } from "../runtime/onnx/serialize";
import { forwardGraph } from "../sweep/block-graphs";
import type { Target } from "../sweep/target";
import type { Sample } from "../text/sample";
import { configurationDifferences } from "./configurations";
import { nameBeside } from "./model-names";
import { compareVocabularies } from "./vocabularies";

/** Two models that can be compared. */
export interface Comparable {
  /** How many tokens, from the first on, are in the vocabulary of both. */
  readonly tokens: number;
  /** What differs all the same, a sentence each. */
  readonly notes: readonly string[];
}

/** What two models that can be compared have in common. */
const REMEDY = "Compare a model with one that was made from it: tuned, quantized or pruned.";

/**
 * Whether the weights and the activations of two models can be compared one by one: blocks of the same kind and number, the same
 * matrices, and the same tokens under the same ids.
 * @param samples what both shall read, as the first model's tokenizer cuts it.
 * @throws ParamscopeError that names both and what differs.
 */
export function compareStructure(a: Model, b: Model, samples: readonly Sample[], target: Target): Comparable {
  checkBlocks(a, b);
  const vocabularies = compareVocabularies(a, b, samples);
  checkTarget(b, target, vocabularies.tokens);
  const long = samples.find(({ ids }) => ids.length > b.context);
  if (long)
    throw new ParamscopeError(
      `${long.source} has ${long.ids.length} tokens, and ${nameBeside(b, a)} reads at most ${b.context}.`,
      "Take a smaller window.",
      { settings: ["window"] },
    );
  const differences = configurationDifferences(a.definition, b.definition);
  return {
    tokens: vocabularies.tokens,
    notes: [
      ...vocabularies.notes,
      ...(differences.length > 0
        ? [`The configurations differ too, in ${differences.join(", ")}: not all that differs is the weights'.`]
        : []),
    ],
  };
}

function checkBlocks(a: Model, b: Model): void {
  const [first, second] = [nameBeside(a, b), nameBeside(b, a)];
  const weights = (model: Model): string =>
    JSON.stringify(model.blockWeights.map(({ name, shape }) => [name, ...shape]).sort());
  if (a.architecture !== b.architecture && !computeAlike(a, b))
    throw new ParamscopeError(
      `${first} is of the architecture ${a.architecture}, and ${second} of ${b.architecture}: their weights have no counterparts.`,
      REMEDY,
    );
  if (a.layers !== b.layers)
    throw new ParamscopeError(`${first} has ${a.layers} layers, and ${second} has ${b.layers}.`, REMEDY);
  if (weights(a) === weights(b)) return;
  const shapes = new Map(b.blockWeights.map(({ name, shape }) => [name, shape]));
  const other = a.blockWeights.find(({ name, shape }) => String(shapes.get(name)) !== String(shape));
  const name = other?.name ?? "";
  const shape = shapes.get(name);
  throw new ParamscopeError(
    other === undefined
      ? `${second} has weights that ${first} lacks, such as ${blockTensor(b, 0, missing(b, a))}.`
      : `${blockTensor(a, 0, name)} has the shape [${other.shape.join(", ")}] in ${first}, and ${
          shape === undefined ? `${second} lacks it` : `[${shape.join(", ")}] in ${second}`
        }.`,
    REMEDY,
  );
}

const missing = (all: Model, some: Model): string =>
  all.blockWeights.find(({ name }) => !some.blockWeights.some((other) => other.name === name))?.name ?? "";

/** Some models go by two names: a GGUF file says `llama` of what a folder calls `mistral`. */
function computeAlike(a: Model, b: Model): boolean {
  if (a.blockWeights.length !== b.blockWeights.length) return false;
  const alike = zip(a.blockWeights, b.blockWeights).every(
    ([own, other]) => own.name === other.name && String(own.shape) === String(other.shape),
  );
  const graphOf = (model: Model): Uint8Array => serialize(forwardGraph(model.definition, false));
  return alike && Buffer.compare(graphOf(a), graphOf(b)) === 0;
}

/** Tokens that a target names stand under the same ids in both. */
function checkTarget(b: Model, target: Target, tokens: number): void {
  if (target.kind !== "logit") return;
  const strange = [target.token, target.minus ?? 0].find((id) => id >= tokens);
  if (strange !== undefined)
    throw new ParamscopeError(
      `The target's token #${strange} is not in the vocabulary of ${b.name}.`,
      "Name a token that both models have.",
      { settings: ["target"] },
    );
}
