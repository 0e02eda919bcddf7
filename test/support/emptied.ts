/** A document in which lists at one place are empty: the place, as `layers[].modules`, and the document. */
export interface Emptied {
  readonly place: string;
  readonly document: unknown;
}

/** A document with each of its lists emptied, wherever it stands. Lists of numbers within a list alone are passed over. */
export function emptied(document: object): Emptied[] {
  const places = new Set<string>();
  visit(document, "", (place) => places.add(place));
  return [...places].map((wanted) => {
    const changed = structuredClone(document);
    visit(changed, "", (place, list) => {
      if (place === wanted) list.length = 0;
    });
    return { place: wanted, document: changed };
  });
}

function visit(value: unknown, place: string, list: (place: string, list: unknown[]) => void): void {
  if (Array.isArray(value)) {
    list(place, value);
    for (const element of value) visit(element, `${place}[]`, list);
  } else if (typeof value === "object" && value !== null)
    for (const [key, field] of Object.entries(value)) visit(field, place === "" ? key : `${place}.${key}`, list);
}
