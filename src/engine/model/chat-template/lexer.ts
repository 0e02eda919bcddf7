import { SPACE, stripEnd } from "./characters";
import { unescape } from "./string-literal";
import { TemplateError } from "./template-error";
import type { Token, TokenKind } from "./tokens";

const space = `[${SPACE}]`;
const dataEnd = new RegExp(
  `(?<raw>\\{%[-+]?${space}*raw${space}*(?:-%\\}${space}*|%\\}))|(?<block>\\{%)[-+]?|(?<comment>\\{#)[-+]?|(?<variable>\\{\\{)[-+]?`,
  "gu",
);
const commentEnd = new RegExp(`\\+#\\}|-#\\}${space}*|#\\}\\n?`, "gu");
const rawEnd = new RegExp(`\\{%([-+]?)${space}*endraw${space}*(?:\\+%\\}|-%\\}${space}*|%\\}\\n?)`, "gu");
const blockEnd = new RegExp(`\\+%\\}|-%\\}${space}*|%\\}\\n?`, "uy");
const variableEnd = new RegExp(`-\\}\\}${space}*|\\}\\}`, "uy");
const spaces = new RegExp(`${space}+`, "uy");
const float = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iuy;
const integer = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iuy;
const name = /[\p{L}\p{N}\p{M}\p{Pc}]+/uy;
const string = /'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/uy;
const operator = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/uy;

const closing = new Map([
  ["{", "}"],
  ["(", ")"],
  ["[", "]"],
]);

/**
 * The tokens of a template, as Jinja's lexer makes them with `trim_blocks` and `lstrip_blocks`; the last one is "end".
 *
 * @throws TemplateError
 */
export function tokenize(template: string): Token[] {
  // Jinja drops one newline at the end.
  return new Lexer(template.replace(/\r\n?/g, "\n").replace(/\n$/, "")).tokens();
}

class Lexer {
  readonly #found: Token[] = [];
  #at = 0;
  #line = 1;
  /** Whether what was read last ended a line: then spaces before a block go. */
  #lineStarting = true;
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  tokens(): Token[] {
    while (this.#at < this.#source.length) this.#readData();
    this.#add("end", "");
    return this.#found;
  }

  #add(kind: TokenKind, text: string, value?: bigint | number): void {
    this.#found.push({ kind, text, value, line: this.#line });
  }

  #fail(message: string): TemplateError {
    return new TemplateError("Syntax", `${message} (line ${this.#line})`);
  }

  #advance(to: number): void {
    for (let i = this.#at; i < to; i++) if (this.#source[i] === "\n") this.#line++;
    this.#lineStarting = to > this.#at ? this.#source[to - 1] === "\n" : false;
    this.#at = to;
  }

  /** What follows at this place, read by a sticky expression. */
  #match(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    return expression.exec(this.#source)?.[0];
  }

  #search(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    return expression.exec(this.#source);
  }

  /** Text before a tag; what of its end goes is said by the tag's sign, or by its being alone on a line. */
  #addData(text: string, sign: string, isVariable: boolean): void {
    let kept = text;
    if (sign === "-") kept = stripEnd(text);
    else if (sign !== "+" && !isVariable) {
      const lineStart = text.lastIndexOf("\n") + 1;
      const rest = text.slice(lineStart);
      if ((lineStart > 0 || this.#lineStarting) && rest !== "" && stripEnd(rest) === "")
        kept = text.slice(0, lineStart);
    }
    if (kept !== "") this.#add("data", kept);
  }

  #readData(): void {
    const match = this.#search(dataEnd);
    if (!match) {
      this.#add("data", this.#source.slice(this.#at));
      this.#at = this.#source.length;
      return;
    }
    const [tag] = match;
    const sign = match.groups?.raw === undefined ? tag.slice(2) : /[-+]?/.exec(tag.slice(2))?.[0];
    this.#addData(this.#source.slice(this.#at, match.index), sign ?? "", match.groups?.variable !== undefined);
    this.#advance(match.index);
    this.#advance(match.index + tag.length);
    if (match.groups?.raw !== undefined) this.#readRaw();
    else if (match.groups?.comment !== undefined) this.#readComment();
    else if (match.groups?.block !== undefined) this.#readCode("block", blockEnd);
    else this.#readCode("variable", variableEnd);
  }

  #readRaw(): void {
    const end = this.#search(rawEnd);
    if (!end) throw this.#fail("Missing end of raw directive");
    const [whole, sign = ""] = end;
    this.#addData(this.#source.slice(this.#at, end.index), sign, false);
    this.#advance(end.index + whole.length);
  }

  #readComment(): void {
    const end = this.#search(commentEnd);
    if (!end) throw this.#fail("Missing end of comment tag");
    this.#advance(end.index + end[0].length);
  }

  #readCode(tag: "block" | "variable", endOfTag: RegExp): void {
    const open: string[] = [];
    this.#add(`${tag} begin`, "");
    while (this.#at < this.#source.length) {
      const end = open.length === 0 ? this.#match(endOfTag) : undefined;
      if (end !== undefined) {
        this.#add(`${tag} end`, "");
        this.#advance(this.#at + end.length);
        return;
      }
      this.#advance(this.#at + this.#readToken(open));
    }
  }

  /** How many units the token at this place takes. */
  #readToken(open: string[]): number {
    let text = this.#match(spaces);
    if (text !== undefined) return text.length;
    if ((text = this.#match(float)) !== undefined) this.#add("float", text, Number(text.replaceAll("_", "")));
    else if ((text = this.#match(integer)) !== undefined)
      this.#add("integer", text, BigInt(text.replaceAll("_", "").toLowerCase()));
    else if ((text = this.#match(name)) !== undefined) {
      if (!/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text)) throw this.#fail("Invalid character in identifier");
      this.#add("name", text);
    } else if ((text = this.#match(string)) !== undefined) {
      const content = unescape(text.slice(1, -1));
      if (content === undefined) throw this.#fail("A string has an incomplete escape");
      this.#add("string", content);
    } else if ((text = this.#match(operator)) !== undefined) {
      this.#balance(text, open);
      this.#add("operator", text);
    } else {
      throw this.#fail(`unexpected char '${String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0)}'`);
    }
    return text.length;
  }

  #balance(text: string, open: string[]): void {
    const close = closing.get(text);
    if (close !== undefined) open.push(close);
    else if (text === "}" || text === ")" || text === "]") {
      const expected = open.pop();
      if (expected === undefined) throw this.#fail(`unexpected '${text}'`);
      if (expected !== text) throw this.#fail(`unexpected '${text}', expected '${expected}'`);
    }
  }
}
