import type { Domain } from "../api";
import { evenlySpacedOf } from "../text/choose-windows";

/** A domain with at most `maxTexts` of its texts, evenly spaced where it has more, which is said. */
export function subsample({ name, texts }: Domain, maxTexts: number, notes: string[]): Domain {
  if (texts.length <= maxTexts) return { name, texts };
  notes.push(`${maxTexts} of ${texts.length} texts of ${name} were taken: the run takes at most so many of each.`);
  return { name, texts: evenlySpacedOf(texts, maxTexts) };
}

/** The domains with as many texts each as the smallest has, at most `maxTexts`; what is left out is said. */
export function equalSubsamples(domains: readonly Domain[], maxTexts: number, notes: string[]): Domain[] {
  const spaced = domains.map((domain) => subsample(domain, maxTexts, notes));
  const count = Math.min(...spaced.map(({ texts }) => texts.length));
  return spaced.map(({ name, texts }) => {
    const surplus = texts.length - count;
    const which = surplus === 1 ? "The last" : `The last ${surplus}`;
    if (surplus > 0)
      notes.push(
        `${which} of ${texts.length} texts of ${name} ${surplus === 1 ? "was" : "were"} left out: another domain has ${count}.`,
      );
    return { name, texts: texts.slice(0, count) };
  });
}
