import { nothing, type TemplateResult } from "lit";
import type { FromPreview } from "../../src/pages/preview";
import { button } from "../shared/controls";
import type { States } from "../shared/follow-run";
import { progressText } from "../shared/progress-text";
import { html } from "../shared/template";

type Post = (message: FromPreview) => void;

/** A run that is a part of the view, while it is under way or where it did not come to its end; nothing else. */
export function partOfView(state: States, what: string, post: Post): TemplateResult | typeof nothing {
  switch (state.phase) {
    case "running": {
      const { progress } = state;
      return html`<div class="part">
        <p class="answer" role="status">${progressText(progress)}</p>
        <progress
          aria-label="Progress: ${what}"
          max="1"
          value=${progress.phase === "queued" ? 0 : Math.min(1, Math.max(0, progress.share))}
        ></progress>
        <div class="actions">${button("Cancel", () => post({ type: "cancel" }))}</div>
      </div>`;
    }
    case "cancelled":
      return html`<p class="part note" role="status">Cancelled: ${what}.</p>`;
    case "error":
      return html`<div class="part problem-box" role="alert">
        <p>${state.message}</p>
        ${state.remedy ? html`<p class="remedy">${state.remedy}</p>` : nothing}
        <div class="actions">${button("Show log", () => post({ type: "showLog" }))}</div>
      </div>`;
    default:
      return nothing;
  }
}
