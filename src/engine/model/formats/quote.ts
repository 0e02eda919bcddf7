/** A name from a file, made fit for one line of output: of no more than `limit` characters. */
export function quote(name: string, limit = 80): string {
  const printable = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, "?");
  return printable.length > limit ? `${printable.slice(0, limit)}…` : printable;
}

/** A token, or another text of foreign origin, as a line has it: in quotation marks, of no more than `limit` characters. */
export function quoteText(text: string, limit = 60): string {
  return JSON.stringify(text.length > limit ? `${text.slice(0, limit)}…` : text);
}

/** A value of a configuration as JSON has it, a text in quotation marks. */
export function quoteJson(value: unknown): string {
  return quote(written(value, JSON.stringify), 60);
}

/** A value of a configuration in a file, made fit for one line. */
export function quoteValue(value: unknown): string {
  return quote(written(value, String), 60);
}

function written(value: unknown, text: (value: string) => string): string {
  if (typeof value === "string") return text(value);
  // JSON has no words for NaN and Infinity, which a configuration may hold
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
}
