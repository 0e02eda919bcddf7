/** A name from a file, made fit for one line of output. */
export function quote(name: string): string {
  const printable = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, "?");
  return printable.length > 80 ? `${printable.slice(0, 80)}…` : printable;
}
