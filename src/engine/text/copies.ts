import type { Text } from "./text";
import { plural } from "../numbers/plural";

/**
 * Texts without those that say the same as one before them, but for white space around: a copy is no further evidence, and whatever counts texts, or
 * reckons how much figures vary between them, would take it for some.
 * @param notes what is left out is said there.
 * @param of what the texts are of, such as a folder's name.
 */
export function withoutCopies(texts: readonly Text[], notes: string[], of?: string): readonly Text[] {
  const first = new Map<string, Text>();
  const copies: Text[] = [];
  for (const text of texts) {
    const key = textKey(text);
    if (first.has(key)) copies.push(text);
    else first.set(key, text);
  }
  const [copy] = copies;
  if (copy === undefined) return texts;
  const original = first.get(textKey(copy));
  const which =
    copies.length > 1 || original === undefined
      ? `${copies.length} of ${texts.length} texts${of === undefined ? "" : ` of ${of}`} say the same as others and were left out`
      : copy.source === original.source
        ? `${copy.source} was named twice and taken once`
        : `${copy.source} says the same as ${original.source} and was left out`;
  notes.push(`${which}: ${plural(copies.length, "a copy is", "copies are")} no further evidence.`);
  return [...first.values()];
}

/** What two texts have in common that say the same. */
export const textKey = ({ text }: Pick<Text, "text">): string => text.trim();
