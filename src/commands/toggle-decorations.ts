import { ParamscopeError } from "../engine/errors";
import type { App } from "../editor/app";

/** Tints the tokens of the result that was last in use in their editor, or stops it. */
export function toggleDecorations(app: App): void {
  const { active } = app.analyses;
  if (!active?.document) {
    throw new ParamscopeError("There is no result whose tokens could be tinted", "Analyze a text first.");
  }
  active.toggleDecorations();
}
