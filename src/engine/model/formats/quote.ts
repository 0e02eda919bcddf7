/** A name from a file, made fit for one line of output: of no more than `limit` characters. */
export function quote(name: string, limit = 80): string {
  const printable = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, "?");
  return printable.length > limit ? `${printable.slice(0, limit)}…` : printable;
}
