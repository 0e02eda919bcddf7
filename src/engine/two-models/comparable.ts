import { ParamscopeError } from "../errors";
import { blockTensor, type Model, type ModelBlock } from "../model/model";
import { zip } from "../numbers/elements";
import { serialize } from "../runtime/onnx/serialize";
import { forwardGraph, names } from "../sweep/block-graphs";
import { expertGraph } from "../sweep/expert-graphs";
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
    JSON.stringify(model.blocks.map((block) => block.weights.map(({ name, shape }) => [name, ...shape]).sort()));
  if (a.architecture !== b.architecture && !computeAlike(a, b))
    throw new ParamscopeError(
      `${first} is of the architecture ${a.architecture}, and ${second} of ${b.architecture}: their weights have no counterparts.`,
      REMEDY,
    );
  if (a.layers !== b.layers)
    throw new ParamscopeError(`${first} has ${a.layers} layers, and ${second} has ${b.layers}.`, REMEDY);
  if (weights(a) === weights(b)) return;
  const [own, others] = [tensorsOf(a), tensorsOf(b)];
  const other = [...own].find(([name, shape]) => String(others.get(name)) !== String(shape));
  const missing = [...others.keys()].find((name) => !own.has(name)) ?? "";
  const shape = others.get(other?.[0] ?? "");
  throw new ParamscopeError(
    other === undefined
      ? `${second} has weights that ${first} lacks, such as ${missing}.`
      : `${other[0]} has the shape [${other[1].join(", ")}] in ${first}, and ${
          shape === undefined ? `${second} lacks it` : `[${shape.join(", ")}] in ${second}`
        }.`,
    REMEDY,
  );
}

/** The shapes of the tensors of all blocks, by their full names. */
function tensorsOf(model: Model): Map<string, readonly number[]> {
  return new Map(
    model.blocks.flatMap(({ weights }, layer) =>
      weights.map(({ name, shape }) => [blockTensor(model, layer, name), shape] as const),
    ),
  );
}

/** Some models go by two names: a GGUF file says `llama` of what a folder calls `mistral`. */
function computeAlike(a: Model, b: Model): boolean {
  if (a.layers !== b.layers) return false;
  const alike = new Set<string>();
  return zip(a.blocks, b.blocks).every(([own, other]) => {
    const kinds = `${own.kind} ${other.kind}`;
    if (!alike.has(kinds) && !blocksAlike([a.hiddenSize, own], [b.hiddenSize, other])) return false;
    alike.add(kinds);
    return true;
  });
}

type SizedModelBlock = readonly [hiddenSize: number, block: ModelBlock];

function blocksAlike(a: SizedModelBlock, b: SizedModelBlock): boolean {
  const tensors = ([, { weights }]: SizedModelBlock): string => JSON.stringify(weights);
  if (tensors(a) !== tensors(b)) return false;
  const graphsOf = ([hiddenSize, { definition: block }]: SizedModelBlock): Uint8Array[] => {
    const { b, outputs } = forwardGraph({ hiddenSize, block }, false);
    const routed =
      b.routing === undefined ? outputs : new Map([...outputs, [names.input("experts"), b.routing.weights]]);
    return [b.graph(routed), ...(block.experts ? [expertGraph(hiddenSize, block.experts)] : [])].map((graph) =>
      serialize(graph),
    );
  };
  const [own, others] = [graphsOf(a), graphsOf(b)];
  return own.length === others.length && zip(own, others).every(([one, other]) => Buffer.compare(one, other) === 0);
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
