import * as vscode from "vscode";

import type { App } from "../views/app";
import type { Subject } from "../kinds/asked";
import { subjectOfUris } from "../editor/texts";
import { ParamscopeError } from "../engine/errors";
import { activeText } from "../editor/active-text";
import { patchingKind } from "../kinds/patching";

/** Which layer and token carries A's answer? Patches what was marked as prompt A into the selection, or the whole text. */
export async function patchPromptA(app: App): Promise<void> {
  const { subject } = app.promptA;
  if (!subject) throw new ParamscopeError("There is no prompt A yet", "Select a text and mark it as prompt A.");
  await patchFirst(app, subject, activeText());
}

/** Patches the first of two files that are selected in the explorer into the second. */
export async function patchSelected(app: App, _clicked?: unknown, chosen?: unknown): Promise<void> {
  const uris = Array.isArray(chosen) ? chosen.filter((uri) => uri instanceof vscode.Uri) : [];
  const [a, b] = uris;
  if (a === undefined || b === undefined || uris.length > 2)
    throw new ParamscopeError("Patching takes two files", "Select exactly two in the explorer.");
  await patchFirst(app, await subjectOfUris([a]), await subjectOfUris([b]));
}

/** Patches the first of two prompts into the second. */
export async function patchFirst(app: App, a: Subject, b: Subject): Promise<void> {
  await app.run(patchingKind, {
    title: `${a.title} into ${b.title}`,
    origins: [...a.origins, ...b.origins],
    a: promptOf(a),
    b: promptOf(b),
    site: "residual",
  });
}

function promptOf({ title, texts }: Subject): Subject["texts"][number] {
  const [text] = texts;
  if (text !== undefined && texts.length === 1) return text;
  throw new ParamscopeError(`${title} holds ${texts.length} texts, and patching takes one prompt`, "Choose one text.");
}
