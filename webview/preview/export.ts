import { nothing, type TemplateResult } from "lit";
import { exportSentences } from "../../src/format/pruning";
import { button } from "../shared/controls";
import type { Panel } from "./panel";
import { partOfView } from "./part";
import { planOf } from "./view-state";
import { html } from "../shared/template";

/** Writes the model as planned, or which weights go; and says what that is good for. */
export function exportSection({ view, post, parts }: Panel): TemplateResult {
  const state = parts.export;
  const plan = planOf(view);
  const hasMasks = plan.criterion !== "sparsegpt";
  return html`<section class="section export" aria-labelledby="export-title">
    <header><h2 id="export-title" tabindex="-1">Export</h2></header>
    ${
      state.phase === "running"
        ? nothing
        : html`<div class="actions">
            ${button("Export model…", () => post({ type: "exportPruned", plan, what: "model" }))}
            ${button("Export masks…", () => post({ type: "exportPruned", plan, what: "masks" }), { disabled: !hasMasks })}
          </div>`
    }
    ${
      hasMasks
        ? nothing
        : html`<p class="note">SparseGPT changes the weights that stay too: masks alone do not make its model.</p>`
    }
    ${partOfView(state, "export", post)}
    ${
      state.phase === "done"
        ? exportSentences(state.document).map((sentence) => html`<p class="finding" role="status">${sentence}</p>`)
        : nothing
    }
    <p class="note">Zeros alone make a model neither faster nor smaller.</p>
    <details class="explanation">
      <summary>Why?<span class="hidden"> (zeros alone make a model neither faster nor smaller)</span></summary>
      <p>
        Zeros are stored and multiplied like all other weights. Compressed (zstd, gzip) the files are smaller; 2:4 patterns
        are faster on graphics cards with sparse products, any high sparsity in a runtime with sparse kernels.
      </p>
    </details>
  </section>`;
}
