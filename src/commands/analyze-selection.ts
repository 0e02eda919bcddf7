import type { App } from "../editor/app";
import { activeSelection } from "./active-selection";

/** Analyses what is selected in the active editor. */
export async function analyzeSelection(app: App): Promise<void> {
  await app.analyses.run(activeSelection());
}
