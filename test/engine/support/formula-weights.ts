import type { StoredTensor } from "./model-copy";

/** Shapes by name, in which `*` stands for the number of each layer. */
export type ShapePatterns = Readonly<Record<string, readonly number[]>>;

/**
 * Tensors whose values are a formula of their names, so that no file holds them: `weights` in test/reference/make_configurations.py and
 * make_key_pairs.py.
 */
export function filledTensors(shapes: ShapePatterns, layers: number, isGemma: boolean): Map<string, StoredTensor> {
  const filled = new Map<string, StoredTensor>();
  for (const [pattern, shape] of Object.entries(shapes))
    for (let layer = 0; layer < (pattern.includes("*") ? layers : 1); layer++) {
      const name = pattern.replace("*", String(layer));
      const values = weightsOf(name, shape, isGemma);
      filled.set(name, { dtype: "F32", shape: [...shape], bytes: new Uint8Array(values.buffer) });
    }
  return filled;
}

/** Uniform by a hash of the name (FNV-1a) and the place, scaled so that signals neither grow nor die. */
function weightsOf(name: string, shape: readonly number[], isGemma: boolean): Float32Array {
  const seed = Array.from(name).reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193), 0x811c9dc5);
  const scale = /emb|wte|wpe/.test(name) ? 1 : 1.5 / Math.sqrt(shape.at(-1) ?? 1);
  const base = name.endsWith(".weight") && !isGemma ? 1 : 0;
  return Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => {
    let x = Math.imul(i, 0x9e3779b1) + seed;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    x ^= x >>> 16;
    const uniform = (x >>> 8) / 2 ** 23 - 1;
    return shape.length > 1 ? uniform * scale : 0.3 * uniform + base;
  });
}
