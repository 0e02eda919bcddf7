/**
 * The element at an index that is known to be there.
 * @throws Error where it is not: a defect.
 */
export function elementAt<Element>(list: ArrayLike<Element>, index: number): Element {
  const element = list[index];
  if (element === undefined) throw new Error(`there is no element ${index} of ${list.length}`);
  return element;
}

/**
 * The elements of two lists side by side, as many as both have.
 * @throws Error where the lists differ in length: a defect.
 */
export function zip<A, B>(a: readonly A[], b: readonly B[]): [A, B][] {
  if (a.length !== b.length) throw new Error(`${a.length} elements have no partners among ${b.length}`);
  return a.map((element, i) => [element, elementAt(b, i)]);
}
