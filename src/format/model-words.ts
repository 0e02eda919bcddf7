/* What a model reads and answers, in words. */

/** A token in quotes, its line ends and spaces to be seen. */
export function quoted(text: string): string {
  return `"${text.replaceAll("\n", "↵").replaceAll("\t", "⇥").replaceAll("\r", "")}"`;
}

/** The target in words: `next-token:3` is `token 3`. */
export function targetInWords(target: string): string {
  if (target === "max-logit") return "the most likely next token";
  if (target === "loss") return "the mean loss over the text";
  const [, position] = /^next-token:(\d+)$/.exec(target) ?? [];
  if (position) return `token ${position}`;
  return `the logit of ${quoted(target.replace(/^logit:/, ""))}`;
}
