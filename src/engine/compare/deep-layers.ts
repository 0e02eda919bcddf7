import { ParamscopeError } from "../errors";
import { mean } from "../numbers/statistics";

/**
 * The layers whose likeness tells how alike texts are: `quarter`, `[⌊3L/4⌋, L − 2)` (ours); `half`, `[⌊L/2⌋, L − 2)` (the authors'); each up to
 * L where that is empty; or a range of layers, both ends of it included.
 */
export type DeepLayers = "quarter" | "half" | { readonly first: number; readonly last: number };

/** How deep layers are written: `quarter`, `half`, `22-27`; undefined: not like this. */
export function readDeepLayers(text: string): DeepLayers | undefined {
  if (text === "quarter" || text === "half") return text;
  const [, first, last] = /^(\d{1,6})-(\d{1,6})$/.exec(text) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) return undefined;
  return { first: Number(first), last: Number(last) };
}

/**
 * The deep layers of a model of so many, `[from, to)`.
 * @throws ParamscopeError for a range that the model does not have.
 */
export function deepLayers(layers: number, wish: DeepLayers = "quarter"): [number, number] {
  if (typeof wish === "object") {
    if (wish.last < layers) return [wish.first, wish.last + 1];
    throw new ParamscopeError(
      `The deep layers ${wish.first} to ${wish.last} were asked for, and the model has the layers 0 to ${layers - 1}.`,
      "Name layers that it has.",
    );
  }
  const from = Math.floor((wish === "half" ? 1 / 2 : 3 / 4) * layers);
  return layers - 2 > from ? [from, layers - 2] : [from, layers];
}

/** The mean of a value per layer over the deep layers, `[from, to)`. */
export function relevance(perLayer: readonly number[], deep: readonly [number, number]): number {
  return mean(perLayer.slice(...deep));
}
