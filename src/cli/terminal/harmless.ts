/** What a terminal takes for a command, and what turns the order of a line around: control characters but line ends and tabs, and marks of direction. */
const COMMANDS = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

const ESCAPE = String.fromCharCode(0x1b);

/** Colours and weights, as `style.ts` puts them around a text. */
const STYLES = new RegExp(String.raw`${ESCAPE}\[(?:[0-4]|2[2-4]|3[0-7]|39|9[0-7])m`, "g");

/** The most characters of a line: a longer one is somebody's name, and nobody reads it. */
export const LONGEST_LINE = 4000;

/**
 * A text for a terminal, whatever is in it: names of files and models, messages of templates, what a model writes. What would be a command is
 * written out, as JSON does it (`\u001b`): so a JSON document stays the same document.
 * @param hasStyles whether colours may be in it.
 */
export function harmless(text: string, hasStyles: boolean): string {
  if (!hasStyles) return text.replace(COMMANDS, escaped);
  let from = 0;
  let result = "";
  for (const { index, 0: style } of text.matchAll(STYLES)) {
    result += text.slice(from, index).replace(COMMANDS, escaped) + style;
    from = index + style.length;
  }
  return result + text.slice(from).replace(COMMANDS, escaped);
}

/** A line that a person can read to its end. */
export function shortened(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE - 1)}…`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
