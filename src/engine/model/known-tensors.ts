import type { Architecture } from "./architectures/architecture";
import { ParamscopeError } from "../errors";
import type { Checkpoint, TensorInfo } from "./checkpoint";
import { quote } from "./formats/quote";
import { unknownTensors } from "./formats/unknown-tensors";

/** What a layer has for its keys and values; one that borrows them reads nothing of it. */
const KEYS_AND_VALUES = /^self_attn\.[kv]_(proj|norm)\./;

/** Heads that stand in the place of the vocabulary's: of classes, of a span's ends, of a reward. */
const OTHER_HEADS = /^(score|classifier|classification_head|qa_outputs|value_head|reward_head)\./;

/**
 * Refuses a checkpoint with tensors that the model does not read, naming them. Passed over are layers that predict further tokens (behind the
 * last, as many as `num_nextn_predict_layers` says), what layers have for keys and values that they borrow of another (Gemma 4), and biases that
 * are 0, which GPTQ's tools write for matrices that have none.
 *
 * @param known the names of those that are read
 * @param isOfText whether a tensor belongs to the text model, of one inside another
 * @throws ParamscopeError
 */
export async function refuseUnknownTensors(
  checkpoint: Checkpoint,
  known: ReadonlySet<string>,
  { isOfText, definition }: TextModel,
): Promise<void> {
  const { config, path, tensors } = checkpoint;
  const { blocks, layers, layer: kindOf, modelType } = definition;
  const further = Number(config.num_nextn_predict_layers ?? 0);
  const isOfNoUse = (name: string): boolean => {
    if (!name.startsWith(`${blocks}.`)) return false;
    const [number = "", ...inside] = name.slice(blocks.length + 1).split(".");
    const layer = Number.parseInt(number, 10);
    if (layer >= layers) return layer < layers + further;
    return kindOf(layer).borrowsFrom !== undefined && KEYS_AND_VALUES.test(inside.join("."));
  };
  const unknown: string[] = [];
  for (const tensor of tensors.values()) {
    const { name } = tensor;
    if (known.has(name) || !isOfText(name) || isOfNoUse(name)) continue;
    if (!(await isNoBias(checkpoint, tensor))) unknown.push(name);
  }
  const head = unknown.find((name) => OTHER_HEADS.test(name));
  if (head !== undefined && unknown.every((name) => OTHER_HEADS.test(name))) {
    const [built] = Array.isArray(config.architectures) ? (config.architectures as unknown[]) : [];
    throw new ParamscopeError(
      `${path} is a classifier or a reward model${typeof built === "string" ? ` (${quote(built)})` : ""}: its head, ${quote(head)}, judges a text in place of going on with it.`,
      "Use the model that it was made of, or another one for causal language modelling.",
    );
  }
  if (unknown.length > 0)
    throw unknownTensors(
      path,
      unknown,
      modelType,
      "The configuration may be that of another model: get both again from one place, or use another model.",
    );
}

interface TextModel {
  readonly isOfText: (name: string) => boolean;
  readonly definition: Architecture;
}

async function isNoBias(checkpoint: Checkpoint, { name, shape }: TensorInfo): Promise<boolean> {
  const [size = 0, ...more] = shape;
  if (!name.endsWith(".bias") || more.length > 0) return false;
  const values = new Float32Array(size);
  await checkpoint.read(name, values);
  return values.every((value) => value === 0);
}
