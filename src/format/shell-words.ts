/** Characters that no shell reads otherwise than they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** Words as they are typed on a command line, each quoted for a POSIX shell where it must be. */
export function shellWords(words: readonly string[]): string {
  return words.map((text) => (PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)).join(" ");
}
