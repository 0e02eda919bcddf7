import { html, nothing, type TemplateResult } from "lit";
import type { PruningDocument } from "../../src/engine/document/document";
import { agreementSentence, perplexitySentence } from "../../src/format/pruning";

/** What pruning costs, and what both models write. */
export function costsSection({ perplexity, continuation }: PruningDocument): TemplateResult | typeof nothing {
  if (perplexity === null && continuation === null) return nothing;
  return html`${
    perplexity === null
      ? nothing
      : html`<p class="finding">${perplexitySentence(perplexity)}</p>
          <p class="finding">${agreementSentence(perplexity)}</p>`
  }
  ${
    continuation === null
      ? nothing
      : html`<dl class="continuation" aria-label="What both models write">
          <dt>prompt</dt>
          <dd>${continuation.prompt}</dd>
          <dt>dense</dt>
          <dd>${continuation.dense}</dd>
          <dt>pruned</dt>
          <dd>${continuation.pruned}</dd>
        </dl>`
  }`;
}
