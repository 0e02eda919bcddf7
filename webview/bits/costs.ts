import { nothing, type TemplateResult } from "lit";
import type { BitsDocument } from "../../src/engine/document/document";
import { costSentences } from "../../src/format/bits";
import { taskSentences } from "../../src/format/tasks";
import { flowing, html } from "../shared/template";

/** What the choice costs on the text that had no say in it, and what both models write. */
export function costsSection({ evaluation, tasks, continuation }: BitsDocument): TemplateResult | typeof nothing {
  if (evaluation === null && tasks === undefined && continuation === null)
    return html`<p class="note">What the choice costs was not measured: no text was given to evaluate.</p>`;
  return html`${
    evaluation === null
      ? nothing
      : costSentences(evaluation).map((sentence) => html`<p class="finding">${sentence}</p>`)
  }
  ${tasks ? taskSentences(tasks, "quantised").map((sentence) => html`<p class="finding">${sentence}</p>`) : nothing}
  ${
    continuation === null
      ? nothing
      : html`<dl class="continuation" aria-label="What both models write">
          <dt>prompt</dt>
          <dd class="flowing">${flowing(continuation.prompt)}</dd>
          <dt>dense</dt>
          <dd class="flowing">${flowing(continuation.dense)}</dd>
          <dt>quantised</dt>
          <dd class="flowing">${flowing(continuation.quantized)}</dd>
        </dl>`
  }`;
}
