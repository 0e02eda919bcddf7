import type { App } from "../editor/app";
import { activeSelection } from "../editor/active-text";

/** Analyses what is selected in the active editor. */
export async function analyzeSelection(app: App): Promise<void> {
  await app.analyses.run(activeSelection());
}
