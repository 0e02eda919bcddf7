import { statSync } from "node:fs";

/** VS Code makes a file first, and writes it then: there it is, and empty, for a moment. */
export function isWritten(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
