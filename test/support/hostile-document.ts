import type { ResultDocument } from "../../src/engine/document/document";
import { kindOf } from "../../src/kinds/find-kind";
import { validate } from "../../src/kinds/validate";

type Path = string;

/** The same value with each string of a place (indices of lists left out) as `replace` has it. */
function replaced(value: unknown, replace: (text: string, path: Path) => string, path: Path = ""): unknown {
  if (typeof value === "string") return replace(value, path);
  if (Array.isArray(value)) return value.map((each) => replaced(each, replace, `${path}[]`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, replaced(each, replace, `${path}.${key}`)]),
  );
}

/** The same with lists of at most so many, so that every place is still there. */
function thinned(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 4).map(thinned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, thinned(each)]));
}

/**
 * A document whose strings are all hostile: those that its schema lets be any string.
 * @returns the document, and the places of those strings.
 */
export async function hostileDocument<Document extends ResultDocument>(
  document: Document,
  hostile: (text: string) => string,
): Promise<{ document: Document; places: string[] }> {
  const paths = new Set<Path>();
  replaced(document, (text, path) => {
    paths.add(path);
    return text;
  });
  const schema = await kindOf(document).schema();
  const small = thinned(document);
  const places: string[] = [];
  for (const path of paths) {
    const tried = replaced(small, (text, at) => (at === path ? hostile(text) : text));
    if (!("issue" in (await validate(schema, tried)))) places.push(path);
  }
  return {
    document: replaced(document, (text, at) => (places.includes(at) ? hostile(text) : text)) as Document,
    places,
  };
}
