/**
 * The k-th largest of some values, which are put into another order (Hoare's selection).
 * @param k 1 for the largest, at most as many as there are.
 */
export function selectLargest(values: Float32Array, k: number): number {
  const wanted = values.length - k;
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const value = values[i]!;
        values[i++] = values[j]!;
        values[j--] = value;
      }
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return values[wanted]!;
}
