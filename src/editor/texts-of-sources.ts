import * as vscode from "vscode";

import { originOfSource } from "./reveal";
import type { Subject } from "../kinds/asked";
import { subjectOfUris } from "./texts";

/**
 * The texts of a saved result, read anew by the names that it has of them.
 * @returns them as one set, undefined where none is there, and the names of those that are not.
 * @throws ParamscopeError as `subjectOfUris` does.
 */
export async function textsOfSources(
  sources: readonly string[],
): Promise<{ readonly subject: Subject | undefined; readonly missing: readonly string[] }> {
  const found: vscode.Uri[] = [];
  const missing: string[] = [];
  for (const source of new Set(sources)) {
    const origin = await originOfSource(source);
    if (origin) found.push(vscode.Uri.parse(origin.uri));
    else missing.push(source);
  }
  return { subject: found.length > 0 ? await subjectOfUris(found) : undefined, missing };
}
