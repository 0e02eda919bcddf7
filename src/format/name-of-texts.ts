/** What texts are called together: `story.txt` where there is one, else `3 texts`. */
export function nameOfTexts(texts: readonly { readonly source: string }[]): string {
  const sources = new Set(texts.map(({ source }) => source));
  const [first] = sources;
  if (first === undefined || sources.size > 1) return `${sources.size} texts`;
  return first === "-" ? "standard input" : first;
}
