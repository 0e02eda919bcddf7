/**
 * The value at an index that is known to be in the list, counted from 0. A loop over numbers has no need of it.
 * @throws Error where it is not: a defect.
 */
export function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`there is no value ${index} of ${values.length}`);
  return value;
}
