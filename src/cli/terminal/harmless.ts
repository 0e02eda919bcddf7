import { isolated, jsonEscaped } from "../../format/readable";

const ESCAPE = String.fromCharCode(0x1b);

/** Colours and weights, as `style.ts` puts them around a text. */
const STYLES = new RegExp(String.raw`${ESCAPE}\[(?:[0-4]|2[2-4]|3[0-7]|39|9[0-7])m`, "g");

/**
 * A text for a terminal, whatever is in it: names of files and models, messages of templates, what a model writes. What would be a command is
 * written out, as JSON does it (`\u001b`): so a JSON document stays the same document.
 * @param hasStyles whether a person reads it there: colours may be in it, and names from right to left are isolated.
 */
export function harmless(text: string, hasStyles: boolean): string {
  if (!hasStyles) return jsonEscaped(text);
  let from = 0;
  let result = "";
  for (const { index, 0: style } of text.matchAll(STYLES)) {
    result += written(text.slice(from, index)) + style;
    from = index + style.length;
  }
  return result + written(text.slice(from));
}

const written = (text: string): string => isolated(jsonEscaped(text));
