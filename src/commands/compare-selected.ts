import * as vscode from "vscode";

import { ParamscopeError } from "../engine/errors";
import type { App } from "../views/app";
import { sideOfUri } from "../editor/texts";
import { comparing, comparisonKind } from "../kinds/comparison";

/** Compares the two files or folders that are selected in the explorer. */
export async function compareSelected(app: App, _clicked?: unknown, chosen?: unknown): Promise<void> {
  const uris = Array.isArray(chosen) ? chosen.filter((uri) => uri instanceof vscode.Uri) : [];
  const [a, b] = uris;
  if (a === undefined || b === undefined || uris.length > 2) {
    throw new ParamscopeError("Two files are needed for a comparison", "Select exactly two in the explorer.");
  }
  await app.run(comparisonKind, comparing(await sideOfUri(a), await sideOfUri(b)));
}
