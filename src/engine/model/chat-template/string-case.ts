import { codePoints, SPACE } from "./characters";
import { spendText } from "./limits";

const cased = /[\p{Uppercase}\p{Lowercase}\p{Lt}]/u;
const isUpper = /\p{Uppercase}/u;
const isLower = /\p{Lowercase}/u;
const titleCase = /\p{Lt}/u;

/** The titlecase form of a character, which JavaScript does not know: its uppercase form but for a hundred characters. */
function titleCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // ǆ and its like are two letters in one, of which only the first is large.
  if (code >= 0x1c4 && code <= 0x1cc) return String.fromCodePoint(0x1c5 + 3 * Math.floor((code - 0x1c4) / 3));
  if (code >= 0x1f1 && code <= 0x1f3) return "\u01f2";
  // Georgian has large letters for whole words only.
  if ((code >= 0x10d0 && code <= 0x10fa) || (code >= 0x10fd && code <= 0x10ff)) return character;
  const upper = character.toUpperCase();
  if (code === 0x149 || upper.length <= 1) return upper;
  // Greek with a small iota below keeps it there.
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8);
  if (code >= 0x1fb0 && code <= 0x1fff && upper.endsWith("\u0399")) {
    if (/^[\u1fb3\u1fbc\u1fc3\u1fcc\u1ff3\u1ffc]$/.test(character)) return String.fromCodePoint((code & ~0xf) | 0xc);
    return `${upper.slice(0, -1)}\u0345`;
  }
  const [first, ...rest] = codePoints(upper);
  return first + rest.join("").toLowerCase();
}

/** Python's `str.upper`. @throws TemplateError */
export function upperCase(text: string): string {
  spendText(text.length);
  return text.toUpperCase();
}

/** Python's `str.lower`. @throws TemplateError */
export function lowerCase(text: string): string {
  spendText(text.length);
  return text.toLowerCase();
}

/** Python's `str.title`: a letter after a letter is small, any other large. */
export function title(text: string): string {
  let inWord = false;
  const small = lowerCharacters(text);
  return codePoints(text)
    .map((character, index) => {
      const result = inWord ? small(character, index) : titleCharacter(character);
      inWord = cased.test(character);
      return result;
    })
    .join("");
}

/** Python's `str.capitalize`. */
export function capitalize(text: string): string {
  const [first, ...rest] = codePoints(text);
  if (first === undefined) return "";
  const small = text.toLowerCase();
  const lowerFirst = first.toLowerCase();
  return titleCharacter(first) + (rest.length === 0 ? "" : small.slice(lowerFirst.length));
}

/** Python's `str.swapcase`. */
export function swapCase(text: string): string {
  const small = lowerCharacters(text);
  return codePoints(text)
    .map((character, index) => {
      if (isUpper.test(character)) return small(character, index);
      return isLower.test(character) ? character.toUpperCase() : character;
    })
    .join("");
}

/** The small form of a text's characters: the whole knows where a sigma ends a word, a character alone does not. */
function lowerCharacters(text: string): (character: string, index: number) => string {
  const lower = codePoints(text.toLowerCase());
  if (lower.length !== codePoints(text).length) return (character) => character.toLowerCase();
  return (character, index) => lower[index] ?? character;
}

function isAllOf(expression: RegExp): (text: string) => boolean {
  return (text) => expression.test(text);
}

function isCased(of: RegExp, ...not: readonly RegExp[]): (text: string) => boolean {
  return (text) => {
    const points = codePoints(text);
    return points.some((point) => of.test(point)) && !points.some((point) => not.some((other) => other.test(point)));
  };
}

/** Whether words begin with large letters, and have no others. */
function isTitle(text: string): boolean {
  let inWord = false;
  let found = false;
  for (const character of codePoints(text)) {
    const large = isUpper.test(character) || titleCase.test(character);
    const small = isLower.test(character);
    if ((large && inWord) || (small && !inWord)) return false;
    found ||= large || small;
    inWord = large || small;
  }
  return found;
}

/** Han characters for numbers: letters to Unicode, and numeric all the same. */
const HAN_NUMBERS = String.raw`\u3405\u3483\u382a\u3b4d\u4e00\u4e03\u4e07\u4e09\u4e5d\u4e8c\u4e94\u4e96\u4ebf\u4ec0\u4edf\u4ee8\u4f0d\u4f70\u5104\u5146\u5169\u516b\u516d\u5341\u5343\u5344\u5345\u534c\u53c1\u53c2\u53c3\u53c4\u56db\u58f1\u58f9\u5e7a\u5efe\u5eff\u5f0c\u5f0d\u5f0e\u5f10\u62fe\u634c\u67d2\u6f06\u7396\u767e\u8086\u842c\u8cae\u8cb3\u8d30\u9621\u9646\u964c\u9678\u96f6\uf96b\uf973\uf978\uf9b2\uf9d1\uf9d3\uf9fd\u{20001}\u{20064}\u{200e2}\u{20121}\u{2092a}\u{20983}\u{2098c}\u{2099c}\u{20aea}\u{20afd}\u{20b19}\u{22390}\u{22998}\u{23b1b}\u{2626d}\u{2f890}`;

/** Python's questions about a text, by their names. */
export const questions = {
  isalpha: isAllOf(/^\p{L}+$/u),
  isalnum: isAllOf(/^[\p{L}\p{N}]+$/u),
  isdecimal: isAllOf(/^\p{Nd}+$/u),
  isdigit: isAllOf(
    /^[\p{Nd}\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]+$/u,
  ),
  isnumeric: isAllOf(new RegExp(`^[\\p{N}${HAN_NUMBERS}]+$`, "u")),
  isspace: isAllOf(new RegExp(`^[${SPACE}]+$`, "u")),
  isascii: (text) => !/[^\0-\x7f]/u.test(text),
  isprintable: (text) => !/(?! )[\p{C}\p{Z}]/u.test(text),
  isidentifier: isAllOf(/^[\p{XID_Start}_]\p{XID_Continue}*$/u),
  islower: isCased(isLower, isUpper, titleCase),
  isupper: isCased(isUpper, isLower, titleCase),
  istitle: isTitle,
} satisfies Readonly<Record<string, (text: string) => boolean>>;
