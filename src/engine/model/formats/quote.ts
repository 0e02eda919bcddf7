/** A name from a file, made fit for one line of output: of no more than `limit` characters. */
export function quote(name: string, limit = 80): string {
  const printable = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, "?");
  return printable.length > limit ? `${printable.slice(0, limit)}…` : printable;
}

/** A value of a configuration in a file, made fit for one line. */
export function quoteValue(value: unknown): string {
  // JSON has no words for NaN and Infinity, which a configuration may hold
  const written = typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
  return quote(written ?? "nothing", 60);
}
