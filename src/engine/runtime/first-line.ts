/** The first line of what a library says went wrong: those behind it are a stack, or a list of places. */
export function firstLine(message: string): string {
  return message.trim().replace(/\n[^]*$/, "");
}
