/** The deep layers, `[⌊L/2⌋, L − 2)`: the authors' choice; where that is empty `[⌊L/2⌋, L)`. */
export function deepLayers(layers: number): [number, number] {
  const from = Math.floor(layers / 2);
  return layers - 2 > from ? [from, layers - 2] : [from, layers];
}

/** The mean of a value per layer over the deep layers. */
export function relevance(perLayer: readonly number[]): number {
  const deep = perLayer.slice(...deepLayers(perLayer.length));
  return deep.reduce((sum, value) => sum + value, 0) / deep.length;
}
