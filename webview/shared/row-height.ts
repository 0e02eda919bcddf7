/** Of bars and heat maps: low enough that a deep model's layers are seen together. */
export function rowHeightOf(layers: number): number {
  return layers <= 36 ? 18 : layers <= 64 ? 14 : 8;
}
