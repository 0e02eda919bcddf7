import { shellWords } from "../format/shell-words";

/** The command as it could be typed again, each argument quoted for a POSIX shell where it must be. */
export function typedCommand(args: readonly string[] = process.argv.slice(2)): string {
  return shellWords(["paramscope", ...args]);
}
