import type { App } from "../views/app";
import { activeText } from "../editor/active-text";

/** Remembers the selection, or the whole text, as what the next comparison compares with. */
export function markPromptA({ promptA }: App): void {
  promptA.mark(activeText());
}

export function forgetPromptA({ promptA }: App): void {
  promptA.forget();
}
