import type { TemplateResult } from "lit";
import { button } from "../shared/controls";
import type { Post } from "./panel";
import { html } from "../shared/template";

/** Nothing yet: what to do next, as a button. */
export function emptyMessage(post: Post): TemplateResult {
  return html`<section class="message" aria-labelledby="message-title">
    <h1 id="message-title">See which weights a text activates</h1>
    <p>
      Paramscope runs a language model over a text, on this machine, and shows layer by layer which of its weights the
      answer depends on.
    </p>
    <div class="actions">
      ${button("Analyze the active file", () => post({ type: "analyzeActiveFile" }), { primary: true })}
      ${button("Try a sample", () => post({ type: "trySample" }))}
    </div>
  </section>`;
}
