/** The height of a row of bars and heat maps, in pixels: low enough that a deep model's layers are seen together. */
export function rowHeightOf(layers: number): number {
  return layers <= 36 ? 18 : layers <= 64 ? 14 : 8;
}
