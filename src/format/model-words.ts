/* What a model reads and answers, in words. */

/** A token in quotes, its line ends and spaces to be seen; a mark that begins one stands on a circle, as else it would on the quote. */
export function quoted(text: string): string {
  const seen = text.replaceAll("\n", "↵").replaceAll("\t", "⇥").replaceAll("\r", "");
  return `"${seen.replace(/^\p{M}/u, "◌$&")}"`;
}

/** Characters of a text's end that are told. */
const END = 24;

/** What a text ends with, from a word's beginning on: `"… of Italy is"` */
export function endInWords(text: string): string {
  if (text.length <= END) return quoted(text);
  const end = text.slice(-END);
  const word = end.search(/(?<=\s)\S/);
  return quoted(`… ${word < 0 ? end : end.slice(word)}`);
}

/** The target in words: `next-token:3` is `token 3`. */
export function targetInWords(target: string): string {
  if (target === "spread") return "the whole prediction of what comes next";
  if (target === "answer") return "the answer that the model gives";
  if (target.startsWith("answer:")) return `the answer ${quoted(target.slice("answer:".length))}`;
  if (target === "max-logit") return "the most likely next token";
  if (target === "loss") return "the mean loss over the text";
  const [, position] = /^next-token:(\d+)$/.exec(target) ?? [];
  if (position) return `token ${position}`;
  return `the logit of ${quoted(target.replace(/^logit:/, ""))}`;
}
