import { ParamscopeError } from "./errors";

/** What the operating system said where a file or a folder could not be written, in words; any other error as it is. */
export function writeError(path: string, cause: unknown, what: "file" | "folder"): unknown {
  if (cause instanceof ParamscopeError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new ParamscopeError(`The disk is full: ${path} was not written.`, "Make room, or name another disk.", {
        cause,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new ParamscopeError(`${path} may not be written.`, `Check its permissions, or name another ${what}.`, {
        cause,
      });
    case "ENAMETOOLONG":
      return new ParamscopeError(`The name ${path} is too long.`, "Choose a shorter one.", { cause });
    default:
      if (code === undefined) return cause;
      return new ParamscopeError(`${path} cannot be written (${code}).`, `Name another ${what}.`, { cause });
  }
}
