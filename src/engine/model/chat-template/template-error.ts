/** What Python or Jinja would have raised; some filters and lookups treat some kinds as an answer. */
export type ErrorKind =
  | "Syntax"
  | "Type"
  | "Value"
  | "Lookup"
  | "Overflow"
  | "ZeroDivision"
  | "Undefined"
  | "Security"
  | "Raised"
  | "Unsupported"
  | "Limit";

/** A chat template cannot be read or applied; the message is the template's, or Jinja's words for it. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";

  constructor(
    readonly kind: ErrorKind,
    message: string,
  ) {
    super(message);
  }
}

/** Whether `error` is a template's error of one of `kinds`. */
export function isError(error: unknown, ...kinds: ErrorKind[]): boolean {
  return error instanceof TemplateError && kinds.includes(error.kind);
}

/** The error for what Jinja knows and Paramscope does not: it is refused by name, never guessed. */
export function unsupported(what: string): TemplateError {
  return new TemplateError("Unsupported", `${what} is not supported`);
}
