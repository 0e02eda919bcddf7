import { LineStrings, proseOf, type Span } from "./span";

/** Tags that leave a text a text; what has another is a language of its own: HTML, CSS, a query. */
const TAGS_OF_PROSE: ReadonlySet<string> = new Set(["", "dedent", "outdent", "stripIndent", "prompt", "raw"]);

/** Words after which a value begins: a slash a regular expression, and a template that has no tag. */
const BEFORE_VALUES: ReadonlySet<string> = new Set(
  "return typeof instanceof in of new delete void throw case do else yield await default extends".split(" "),
);

const WORD = /[\p{ID_Continue}$\u200C\u200D]+/uy;

/** A template that is open. */
interface Template {
  readonly at: number;
  readonly tag: string;
  /** Braces that are open in the expression that is read; undefined: its text is. */
  braces: number | undefined;
}

/** What stands before a place: the end of a value, which can be divided or tag a template, or what a value can follow. */
interface Before {
  readonly endsValue: boolean;
  readonly word: string;
}

const NOTHING: Before = { endsValue: false, word: "" };
/** A value that is no word. */
const VALUE: Before = { endsValue: true, word: "()" };

/** The template literals of JavaScript or TypeScript code that may be prompts, those within others left out. Reads every character once. */
export function templateLiterals(code: string): Span[] {
  const found: Span[] = [];
  const lines = new LineStrings(code);
  const open: Template[] = [];
  let before = NOTHING;
  for (let at = 0; at < code.length;) {
    const character = code.charAt(at);
    const next = code.charAt(at + 1);
    const template = open.at(-1);
    if (template && template.braces === undefined) {
      if (character === "`") {
        open.pop();
        const span = proseOf(code, template.at, template.at + 1, at);
        if (span && open.length === 0 && TAGS_OF_PROSE.has(template.tag)) found.push(span);
        before = VALUE;
      } else if (character === "$" && next === "{") {
        template.braces = 0;
        before = NOTHING;
        at++;
      } else if (character === "\\") at++;
      at++;
    } else if (character === "`") {
      open.push({ at, tag: before.endsValue ? before.word : "", braces: undefined });
      at++;
    } else if (character === '"' || character === "'") {
      at = lines.end(at, () => (closer) => closer === character);
      before = VALUE;
    } else if (character === "/" && next === "/") {
      at = indexOr(code, "\n", at);
    } else if (character === "/" && next === "*") {
      at = indexOr(code, "*/", at + 2) + 2;
    } else if (character === "/" && !before.endsValue && code[at - 1] !== "<") {
      at = lines.end(at, regexEnd);
      before = VALUE;
    } else if (/\s/.test(character)) {
      at++;
    } else {
      WORD.lastIndex = at;
      const [word] = WORD.exec(code) ?? [];
      if (word === undefined) {
        if (template?.braces !== undefined) {
          if (character === "{") template.braces++;
          // the end of an expression is in its template's text again
          if (character === "}") template.braces = template.braces === 0 ? undefined : template.braces - 1;
        }
        before = ")]}".includes(character) ? VALUE : NOTHING;
        at++;
      } else {
        before = BEFORE_VALUES.has(word) ? NOTHING : { endsValue: true, word };
        at += word.length;
      }
    }
  }
  return found;
}

/** Tells the slash that ends a regular expression from those in its classes. */
function regexEnd(): (character: string) => boolean {
  let isClass = false;
  return (character) => {
    if (character === "[") isClass = true;
    else if (character === "]") isClass = false;
    return character === "/" && !isClass;
  };
}

function indexOr(text: string, wanted: string, from: number): number {
  const found = text.indexOf(wanted, from);
  return found < 0 ? text.length : found;
}
