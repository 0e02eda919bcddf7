import { html, type TemplateResult } from "lit";

/** The result that was here is gone. */
export function emptyMessage(): TemplateResult {
  return html`<section class="message" aria-labelledby="message-title">
    <h1 id="message-title">These sentence pairs are not there any more</h1>
    <p>
      The last 50 results are kept. Right-click a table of sentence pairs (.csv or .tsv) in the explorer and choose Compare sentence
      pairs to make them again.
    </p>
  </section>`;
}
