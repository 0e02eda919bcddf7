import type { App } from "../views/app";
import { activeSelection } from "../editor/active-text";
import { analysisKind } from "../kinds/analysis";

/** Analyses what is selected in the active editor. */
export async function analyzeSelection(app: App): Promise<void> {
  await app.run(analysisKind, activeSelection());
}
