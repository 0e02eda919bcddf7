import { LineStrings, proseOf, type Span } from "./span";

/** What may stand before the quotes of a text; bytes are none. */
const PREFIX = /^(?:[rft]|[rft]r|r[ft]|u)?$/i;
const WORD = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;

/**
 * The strings of Python code in three quotes that may be prompts, without those that stand as a statement, which are documentation. Reads every
 * character once.
 */
export function pythonStrings(code: string): Span[] {
  const found: Span[] = [];
  const lines = new LineStrings(code);
  /** Brackets that are open. */
  let depth = 0;
  let beginsStatement = true;
  let prefix = "";
  for (let at = 0; at < code.length;) {
    const character = code.charAt(at);
    if (character === "#") {
      at = lineEnd(code, at);
    } else if (character === '"' || character === "'") {
      const quotes = character.repeat(3);
      if (code.startsWith(quotes, at)) {
        const end = closing(code, at + 3, quotes);
        if (end < 0) return found;
        const span = proseOf(code, at - prefix.length, at + 3, end);
        if (span && !beginsStatement && PREFIX.test(prefix)) found.push(span);
        at = end + 3;
      } else {
        at = lines.end(at, () => (closer) => closer === character);
      }
      beginsStatement = false;
      prefix = "";
    } else if (character === "\n" || character === ";") {
      beginsStatement = depth === 0;
      at++;
    } else if (character === "\\") {
      // a line that goes on
      at += 2;
    } else if (/\s/.test(character)) {
      at++;
    } else {
      WORD.lastIndex = at;
      const [word] = WORD.exec(code) ?? [character];
      at += word.length;
      const isPrefix = word.length <= 2 && /["']/.test(code.charAt(at));
      prefix = isPrefix && /^\w+$/.test(word) ? word : "";
      if (prefix === "") beginsStatement = false;
      if ("([{".includes(character)) depth++;
      if (")]}".includes(character)) depth = Math.max(0, depth - 1);
    }
  }
  return found;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** Where the quotes stand that close a string; −1 where none do. */
function closing(code: string, from: number, quotes: string): number {
  for (let at = from; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code.startsWith(quotes, at)) return at;
  }
  return -1;
}
