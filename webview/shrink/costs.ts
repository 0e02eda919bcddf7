import { nothing, type TemplateResult } from "lit";
import type { ShrinkDocument } from "../../src/engine/document/document";
import { shrinkCostSentences } from "../../src/format/shrink";
import { taskSentences } from "../../src/format/tasks";
import { continuationList, findings } from "../shared/continuation";
import { html } from "../shared/template";

/** What it costs on the text that had no say in it, and what both models write. */
export function costsSection({ evaluation, tasks, continuation }: ShrinkDocument): TemplateResult | typeof nothing {
  if (evaluation === null && tasks === undefined && continuation === null)
    return html`<p class="note">What it costs was not measured: no text was given to evaluate.</p>`;
  return html`${evaluation === null ? nothing : findings(shrinkCostSentences(evaluation))}
  ${tasks ? findings(taskSentences(tasks, "shrunk")) : nothing}
  ${continuation === null ? nothing : continuationList(continuation, continuation.shrunk, "shrunk")}`;
}
