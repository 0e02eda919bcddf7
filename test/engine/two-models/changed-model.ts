import { ModelCopy, type StoredTensor } from "../support/model-copy";

/**
 * The fixture llama, changed: layer 0 and the embedding are left alone, of layer 2 every third weight is 0, the other matrices are moved
 * a little, and the final norm grows by a quarter. test/reference/make_models.py has the same formula.
 */
export function changedLlama(): Promise<ModelCopy> {
  return changedModel("llama");
}

/** The same of any fixture of float32. */
export function changedModel(fixture: string): Promise<ModelCopy> {
  return ModelCopy.of(fixture, {
    tensors: (tensors) => {
      [...tensors.keys()].sort().forEach((name, number) => {
        const tensor = tensors.get(name);
        if (tensor) change(name, tensor, number);
      });
    },
  });
}

function change(name: string, { shape, bytes }: StoredTensor, number: number): void {
  if (name.includes(".layers.0.") || name === "model.embed_tokens.weight") return;
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const scale = 0.01 * (1 + (number % 4));
  for (let i = 0; i < values.length; i++)
    if (name === "model.norm.weight") values[i] *= 1.25;
    else if (shape.length < 2) return;
    else if (name.includes(".layers.2.")) values[i] = i % 3 === 0 ? 0 : values[i];
    else values[i] += scale * Math.sin(0.7 * i + number);
}
