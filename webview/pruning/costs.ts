import { nothing, type TemplateResult } from "lit";
import type { PruningDocument } from "../../src/engine/document/document";
import { agreementSentence, perplexitySentence } from "../../src/format/pruning";
import { taskSentences } from "../../src/format/tasks";
import { flowing, html } from "../shared/template";

/** What pruning costs, and what both models write. */
export function costsSection({ perplexity, tasks, continuation }: PruningDocument): TemplateResult | typeof nothing {
  if (perplexity === null && tasks === undefined && continuation === null) return nothing;
  return html`${
    perplexity === null
      ? nothing
      : html`<p class="finding">${perplexitySentence(perplexity)}</p>
          <p class="finding">${agreementSentence(perplexity)}</p>`
  }
  ${tasks ? taskSentences(tasks, "pruned").map((sentence) => html`<p class="finding">${sentence}</p>`) : nothing}
  ${
    continuation === null
      ? nothing
      : html`<dl class="continuation" aria-label="What both models write">
          <dt>prompt</dt>
          <dd class="flowing">${flowing(continuation.prompt)}</dd>
          <dt>dense</dt>
          <dd class="flowing">${flowing(continuation.dense)}</dd>
          <dt>pruned</dt>
          <dd class="flowing">${flowing(continuation.pruned)}</dd>
        </dl>`
  }`;
}
