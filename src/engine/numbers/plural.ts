/** `one` for exactly one, else `many`: `${n} ${plural(n, "file", "files")}`. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
