import type { Domain } from "../api";
import { ParamscopeError } from "../errors";
import { plural } from "../numbers/plural";
import { textKey, withoutCopies } from "../text/copies";

const FEWEST_TEXTS = 2;

/**
 * A domain of which every text is there once; what is left out is said.
 * @param why what more than one text is needed for, in the error's sentence.
 * @throws ParamscopeError where it has fewer than two texts then.
 */
export function distinctTexts({ name, texts: given }: Domain, why: string, notes: string[]): Domain {
  const texts = withoutCopies(given, notes, name);
  if (texts.length >= FEWEST_TEXTS) return { name, texts };
  throw new ParamscopeError(
    `${name} has one text${given.length > texts.length ? `, in ${given.length} copies` : ""}, and ${why}.`,
    "Put at least two texts into each folder.",
  );
}

/** What is to be said of texts that stand in several of the domains. */
export function sharedTextsNote(domains: readonly Domain[]): string[] {
  const homes = new Map<string, number>();
  for (const text of domains.flatMap(({ texts }) => texts))
    homes.set(textKey(text), (homes.get(textKey(text)) ?? 0) + 1);
  const shared = [...homes.values()].filter((count) => count > 1).length;
  if (shared === 0) return [];
  return [
    `${shared} ${plural(shared, "text is", "texts are")} in more than one folder, and ${plural(shared, "counts", "count")} as ${plural(shared, "a text", "texts")} of each.`,
  ];
}
