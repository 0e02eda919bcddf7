import { ParamscopeError } from "../engine/errors";
import type { App } from "../views/app";
import { activeText } from "../editor/active-text";
import { comparing, comparisonKind } from "../kinds/comparison";

/** Compares what was marked as prompt A with the selection, or the whole text. */
export async function compareWithPromptA(app: App): Promise<void> {
  const { subject } = app.promptA;
  if (!subject) throw new ParamscopeError("There is no prompt A yet", "Select a text and mark it as prompt A.");
  await app.run(comparisonKind, comparing(subject, activeText()));
}
