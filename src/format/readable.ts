/*
 * What stands in texts of foreign origin and is no letter to whoever reads them: names of files and models, tokens, messages of templates, notes of saved
 * results. Every writer takes it from here, and writes it as fits what it writes.
 */

/** Scripts whose letters are joined, or kept from it, by U+200C and U+200D. */
const JOINED = [
  "Arabic",
  "Syriac",
  "Mandaic",
  "Nko",
  "Mongolian",
  "Devanagari",
  "Bengali",
  "Gurmukhi",
  "Gujarati",
  "Oriya",
  "Tamil",
  "Telugu",
  "Kannada",
  "Malayalam",
  "Sinhala",
  "Khmer",
  "Myanmar",
]
  .map((script) => String.raw`\p{Script=${script}}`)
  .join("");

/** Where a joiner or a choice of a glyph has a meaning, and is part of a letter or a picture. */
const MEANT = [
  String.raw`[${JOINED}][\u200C\u200D]`,
  String.raw`[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]\u200D`,
  String.raw`[\p{Emoji}\p{Script=Han}\p{Script=Mongolian}\p{Sm}\p{So}][\uFE00-\uFE0F\u{E0100}-\u{E01EF}]`,
].join("|");

/**
 * What a reader does not see, or a writer takes for a command: control characters but line ends and tabs, marks of direction, separators of lines, what is
 * drawn as nothing, and halves of characters.
 */
export const UNREADABLE = new RegExp(
  String.raw`[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cs}\u2028\u2029\uFFF9-\uFFFB](?<![\n\t]|${MEANT})`,
  "gu",
);

/** The most characters of a line: a longer one is somebody's name, and nobody reads it. */
export const LONGEST_LINE = 4000;

/** A line that a person can read to its end. */
export function shortened(line: string, most = LONGEST_LINE): string {
  if (line.length <= most) return line;
  const isCutInTwo = /[\uD800-\uDBFF]/.test(line.charAt(most - 2));
  return `${line.slice(0, most - (isCutInTwo ? 2 : 1))}…`;
}

/** A text for a page, a picture or a table: what would not be seen has its number, `⟨U+202E⟩`. The end of a line may be that of Windows. */
export function readable(text: string): string {
  return text.replace(UNREADABLE, (character, at: number) => {
    if (character === "\r" && (at === text.length - 1 || text[at + 1] === "\n")) return character;
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** Letters and marks that run from right to left, also those that Unicode has yet to name, and digits that go with them. */
export const RIGHT_TO_LEFT = String.raw`\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}`;

/** Words from right to left, with single spaces and joiners between them: no sign and no digit of a line that they stand in. */
const PHRASE = new RegExp(String.raw`[${RIGHT_TO_LEFT}](?:[ \u200C\u200D]?[${RIGHT_TO_LEFT}\p{Mn}])*`, "gu");

/**
 * A readable text in which names from right to left turn nothing around but themselves: what stands behind one, the number that is said of it or the next
 * name, is seen behind it. A text that is one paragraph of somebody's is not isolated: it runs as it does.
 */
export function isolated(text: string): string {
  return text.replace(PHRASE, "\u2068$&\u2069");
}

/** A text of any origin as it stands in a line with others, in pages, reports, lists and notifications. */
export function inLine(text: string, most = LONGEST_LINE): string {
  return isolated(shortened(readable(text), most));
}

/** Bytes of a file's name, of which systems take 255, with room for what comes behind. */
const LONGEST_NAME_BYTES = 200;

/** The name of a file that is offered for what is called so. */
export function fileName(title: string): string {
  const name = shortened(title.replace(/[^\p{L}\p{N}._, ()·-]/gu, "_"), 120).replace(/…$/, "");
  return withinBytes(name, LONGEST_NAME_BYTES);
}

/** The beginning of a text that takes no more bytes than that, as UTF-8. */
export function withinBytes(text: string, most: number): string {
  const encoder = new TextEncoder();
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > most) break;
    kept += character;
  }
  return kept;
}

/** A character as JSON may write it: by its code units, of which some have two. */
export function jsonEscape(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** A text in which what would not be seen is written as JSON does it: JSON stays the same document. */
export function jsonEscaped(text: string): string {
  return text.replace(UNREADABLE, jsonEscape);
}
