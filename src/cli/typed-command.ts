/** Characters that no shell reads otherwise than they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** The command as it could be typed again, each argument quoted for a POSIX shell where it must be. */
export function typedCommand(args: readonly string[] = process.argv.slice(2)): string {
  return ["paramscope", ...args.map((text) => (PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`))].join(
    " ",
  );
}
