import type { Checkpoint } from "../model/checkpoint";
import type { Model } from "../model/model";
import { elementAt, zip } from "../numbers/elements";
import type { Importance } from "./input-importance";
import type { Rounding } from "./rounding";
import type { QuantizedTensor } from "./tensors";

/** How each tensor is stored, in their order; undefined: as it is. */
export type Choice = readonly (Rounding | undefined)[];

/** The model as it is once its matrices are stored in other formats: what is read of them is what would be read back. Closing it closes the one it is made of. */
export function roundedModel(
  model: Model,
  tensors: readonly QuantizedTensor[],
  choice: Choice,
  importance: Importance,
): Model {
  return { ...model, checkpoint: new RoundedCheckpoint(model.checkpoint, tensors, choice, importance) };
}

class RoundedCheckpoint implements Checkpoint {
  readonly format;
  readonly path;
  readonly config;
  readonly tensors;
  readonly #whole: Checkpoint;
  readonly #importance: Importance;
  readonly #stored = new Map<string, { readonly rounding: Rounding; readonly columns: number }>();

  constructor(whole: Checkpoint, tensors: readonly QuantizedTensor[], choice: Choice, importance: Importance) {
    this.#whole = whole;
    this.#importance = importance;
    ({ format: this.format, path: this.path, config: this.config, tensors: this.tensors } = whole);
    for (const [{ matrices }, rounding] of zip(tensors, choice))
      if (rounding) for (const { name, columns } of matrices) this.#stored.set(name, { rounding, columns });
  }

  async read(name: string, out: Float32Array, from?: number, to?: number): Promise<void> {
    await this.#whole.read(name, out, from, to);
    const stored = this.#stored.get(name);
    if (stored === undefined) return;
    const { rounding, columns } = stored;
    const rows = (to ?? elementAt(this.tensors.get(name)?.shape ?? [], 0)) - (from ?? 0);
    const read = out.subarray(0, rows * columns);
    rounding.round(read.slice(), columns, read, this.#importance.get(name)?.squares);
  }

  close(): Promise<void> {
    return this.#whole.close();
  }
}
