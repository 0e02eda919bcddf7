/** A string, a bracket, or a character that separates, as they stand in JSON; whatever else is between them is a number or a word. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * The text of a JSON object without one of its own keys; the rest stays as it is written, so that `30.0` does not become `30`.
 * @param text valid JSON, or as Python writes it
 */
export function withoutKey(text: string, key: string): string {
  let depth = 0;
  /** Where the entry that is being passed begins: behind a bracket or a comma. */
  let start = 0;
  let isWanted = false;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const isEnd = depth === 1 && (token === "," || token === "}");
    if (isEnd && isWanted) return withoutEntry(text, start, index, token);
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    if (depth !== 1) continue;
    if (token === "{" || token === ",") start = index + 1;
    else if (token === ":") isWanted = text.slice(start, index).trim() === JSON.stringify(key);
  }
  return text;
}

/** With an entry goes the comma behind it, or of the last one the comma before it. */
function withoutEntry(text: string, start: number, end: number, ending: string): string {
  if (ending === ",") return text.slice(0, start) + text.slice(end + 1);
  return text.slice(0, start).replace(/,$/, "") + text.slice(text.slice(0, end).trimEnd().length);
}
