import { subjectOfPrompt } from "../editor/prompts/prompt-place";
import { ParamscopeError } from "../engine/errors";
import { analysisKind } from "../kinds/analysis";
import { comparing, comparisonKind } from "../kinds/comparison";
import type { App } from "../views/app";

/* What stands above a prompt in its editor; each is given the prompt's place. */

/** Analyses a prompt. */
export async function explainPrompt(app: App, place: unknown): Promise<void> {
  await app.run(analysisKind, subjectOfPrompt(place));
}

/** Remembers a prompt as what the next comparison compares with. */
export function markPrompt({ promptA }: App, place: unknown): void {
  promptA.mark(subjectOfPrompt(place));
}

/** Compares what was marked as prompt A with a prompt. */
export async function comparePrompt(app: App, place: unknown): Promise<void> {
  const { subject } = app.promptA;
  if (!subject) throw new ParamscopeError("There is no prompt A yet", "Mark a prompt as prompt A.");
  await app.run(comparisonKind, comparing(subject, subjectOfPrompt(place)));
}

/** Shows above a prompt what the model expects behind it. */
export async function predictNext({ lenses }: App, place: unknown): Promise<void> {
  await lenses.predict(subjectOfPrompt(place));
}
