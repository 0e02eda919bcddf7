/** A string, a bracket, or a character that separates, as they stand in JSON; whatever else is between them is a number or a word. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * The text of a JSON object without one of its own keys; the rest stays as it is written, so that `30.0` does not become `30`.
 * @param text valid JSON, or as Python writes it
 */
export function withoutKey(text: string, key: string): string {
  const entry = entryOf(text, key);
  return entry === undefined ? text : withoutEntry(text, entry.start, entry.end, entry.ending);
}

/** The same with another value for one of its own keys, or with the key in front of all others. */
export function withValue(text: string, key: string, value: unknown): string {
  const entry = entryOf(text, key);
  const written = JSON.stringify(value);
  if (entry === undefined) return text.replace("{", () => `{\n  ${JSON.stringify(key)}: ${written},`);
  const before = text.slice(0, entry.value);
  const behind = text.slice(text.slice(0, entry.end).trimEnd().length);
  return `${before} ${written}${behind}`;
}

/** Where an entry begins, where its value does, and where it ends, with what ends it. */
interface Entry {
  readonly start: number;
  readonly value: number;
  readonly end: number;
  readonly ending: string;
}

function entryOf(text: string, key: string): Entry | undefined {
  let depth = 0;
  /** Where the entry that is being passed begins: behind a bracket or a comma. */
  let start = 0;
  let value: number | undefined;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const isEnd = depth === 1 && (token === "," || token === "}");
    if (isEnd && value !== undefined) return { start, value, end: index, ending: token };
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    if (depth !== 1) continue;
    if (token === "{" || token === ",") start = index + 1;
    else if (token === ":" && text.slice(start, index).trim() === JSON.stringify(key)) value = index + 1;
  }
  return undefined;
}

/** With an entry goes the comma behind it, or of the last one the comma before it. */
function withoutEntry(text: string, start: number, end: number, ending: string): string {
  if (ending === ",") return text.slice(0, start) + text.slice(end + 1);
  return text.slice(0, start).replace(/,$/, "") + text.slice(text.slice(0, end).trimEnd().length);
}
