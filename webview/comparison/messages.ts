import { html, type TemplateResult } from "lit";
import { button } from "../shared/controls";
import type { Post } from "./panel";

/** The result that was here is gone: what to do next, as a button. */
export function emptyMessage(post: Post): TemplateResult {
  return html`<section class="message" aria-labelledby="message-title">
    <h1 id="message-title">This comparison is not there any more</h1>
    <p>
      The last 50 results are kept. To compare two texts, select two files in the explorer and choose Compare activations of
      selected, or mark a selection as prompt A and compare another with it.
    </p>
    <div class="actions">
      ${button("Compare two results", () => post({ type: "compareResults" }), { primary: true })}
    </div>
  </section>`;
}
