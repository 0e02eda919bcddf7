/** Kinds of tokens; an operator's kind is the operator itself. */
export type TokenKind =
  | "data"
  | "variable begin"
  | "variable end"
  | "block begin"
  | "block end"
  | "name"
  | "string"
  | "integer"
  | "float"
  | "operator"
  | "end";

/** A token of a template's source. */
export interface Token {
  readonly kind: TokenKind;
  /** The text, of a string and of data without quotes and escapes. */
  readonly text: string;
  readonly value: bigint | number | undefined;
  readonly line: number;
}
