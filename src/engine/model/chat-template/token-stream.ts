import { elementAt } from "../../numbers/elements";
import { TemplateError } from "./template-error";
import type { Token, TokenKind } from "./tokens";

const DESCRIPTIONS: Partial<Record<TokenKind, string>> = {
  "block begin": "begin of statement block",
  "block end": "end of statement block",
  "variable begin": "begin of print statement",
  "variable end": "end of print statement",
  data: "template data / text",
  end: "end of template",
};

/** How an error names a token. */
export function describe({ kind, text }: Pick<Token, "kind" | "text">): string {
  return DESCRIPTIONS[kind] ?? (kind === "name" || kind === "operator" ? text : kind);
}

/** Expressions within one another; Python's own compiler has such a limit. */
const MAX_NESTING = 90;

/** The tokens of a template, read from the first to the last. */
export class TokenStream {
  #at = 0;
  #nesting = 0;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token {
    return elementAt(this.#tokens, this.#at);
  }

  get following(): Token {
    return elementAt(this.#tokens, Math.min(this.#at + 1, this.#tokens.length - 1));
  }

  /** The current token, which is then behind. */
  next(): Token {
    const token = this.current;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  is(kind: TokenKind, ...texts: readonly string[]): boolean {
    return this.current.kind === kind && (texts.length === 0 || texts.includes(this.current.text));
  }

  isOperator(...texts: readonly string[]): boolean {
    return this.is("operator", ...texts);
  }

  /** Passes the token where it is that one; says whether it was. */
  skip(kind: TokenKind, text: string): boolean {
    if (!this.is(kind, text)) return false;
    this.next();
    return true;
  }

  /** @throws TemplateError where the current token is another. */
  expect(kind: TokenKind, text?: string): Token {
    if (text === undefined ? this.is(kind) : this.is(kind, text)) return this.next();
    const expected = describe({ kind, text: text ?? "name" });
    throw this.failure(
      this.is("end")
        ? `unexpected end of template, expected '${expected}'`
        : `expected token '${expected}', got '${describe(this.current)}'`,
    );
  }

  failure(message: string, line = this.current.line): TemplateError {
    return new TemplateError("Syntax", `${message} (line ${line})`);
  }

  /** What `body` reads, which is nested in what is being read. @throws TemplateError where that is too deep. */
  nested<T>(body: () => T): T {
    if (this.#nesting >= MAX_NESTING) throw this.failure(`nested more than ${MAX_NESTING} deep`);
    this.#nesting++;
    const result = body();
    this.#nesting--;
    return result;
  }
}
