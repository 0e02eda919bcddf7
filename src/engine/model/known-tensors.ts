import type { Checkpoint, TensorInfo } from "./checkpoint";
import { unknownTensors } from "./formats/unknown-tensors";

/**
 * Refuses a checkpoint with tensors that the model does not read, naming them. Passed over are layers that predict further tokens (behind the
 * last, as many as `num_nextn_predict_layers` says), and biases that are 0, which GPTQ's tools write for matrices that have none.
 *
 * @param known the names of those that are read
 * @param isOfText whether a tensor belongs to the text model, of one inside another
 * @throws ParamscopeError
 */
export async function refuseUnknownTensors(
  checkpoint: Checkpoint,
  known: ReadonlySet<string>,
  { isOfText, blocks, layers, architecture }: TextModel,
): Promise<void> {
  const { config, path, tensors } = checkpoint;
  const further = Number(config.num_nextn_predict_layers ?? 0);
  const isFurther = (name: string): boolean => {
    if (!name.startsWith(`${blocks}.`)) return false;
    const layer = Number.parseInt(name.slice(blocks.length + 1), 10);
    return layer >= layers && layer < layers + further;
  };
  const unknown: string[] = [];
  for (const tensor of tensors.values()) {
    const { name } = tensor;
    if (known.has(name) || !isOfText(name) || isFurther(name)) continue;
    if (!(await isNoBias(checkpoint, tensor))) unknown.push(name);
  }
  if (unknown.length > 0)
    throw unknownTensors(
      path,
      unknown,
      architecture,
      "The configuration may be that of another model: get both again from one place, or use another model.",
    );
}

interface TextModel {
  readonly isOfText: (name: string) => boolean;
  /** Where its blocks are: `model.layers`. */
  readonly blocks: string;
  readonly layers: number;
  readonly architecture: string;
}

async function isNoBias(checkpoint: Checkpoint, { name, shape }: TensorInfo): Promise<boolean> {
  const [size = 0, ...more] = shape;
  if (!name.endsWith(".bias") || more.length > 0) return false;
  const values = new Float32Array(size);
  await checkpoint.read(name, values);
  return values.every((value) => value === 0);
}
