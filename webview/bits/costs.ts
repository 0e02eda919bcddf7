import { nothing, type TemplateResult } from "lit";
import type { BitsDocument } from "../../src/engine/document/document";
import { costSentences } from "../../src/format/bits";
import { taskSentences } from "../../src/format/tasks";
import { continuationList, findings } from "../shared/continuation";
import { html } from "../shared/template";

/** What the choice costs on the text that had no say in it, and what both models write. */
export function costsSection({ evaluation, tasks, continuation }: BitsDocument): TemplateResult | typeof nothing {
  if (evaluation === null && tasks === undefined && continuation === null)
    return html`<p class="note">What the choice costs was not measured: no text was given to evaluate.</p>`;
  return html`${evaluation === null ? nothing : findings(costSentences(evaluation))}
  ${tasks ? findings(taskSentences(tasks, "quantised")) : nothing}
  ${continuation === null ? nothing : continuationList(continuation, continuation.quantized, "quantised")}`;
}
