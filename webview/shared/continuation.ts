import type { TemplateResult } from "lit";
import { flowing, html } from "./template";

/** What the dense and the changed model write behind a prompt. @param name of the changed one: `pruned` */
export function continuationList(
  { prompt, dense }: { readonly prompt: string; readonly dense: string },
  changed: string,
  name: string,
): TemplateResult {
  return html`<dl class="continuation" aria-label="What both models write">
    <dt>prompt</dt>
    <dd class="flowing">${flowing(prompt)}</dd>
    <dt>dense</dt>
    <dd class="flowing">${flowing(dense)}</dd>
    <dt>${name}</dt>
    <dd class="flowing">${flowing(changed)}</dd>
  </dl>`;
}

/** Sentences, each in a line of its own. */
export const findings = (sentences: readonly string[]): TemplateResult[] =>
  sentences.map((sentence) => html`<p class="finding">${sentence}</p>`);
