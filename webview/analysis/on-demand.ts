import { nothing, type TemplateResult } from "lit";
import type { OnDemandState } from "../../src/pages/analysis";
import { button } from "../shared/controls";
import { progressText } from "../shared/progress-text";
import { html } from "../shared/template";
import type { Panel } from "./panel";

/** What may be asked for that is not in a result: how it is offered, and what is said while it is made. */
export interface Demand {
  /** Of its place, in the style sheet. */
  readonly name: string;
  /** What it is: `the full profile`. */
  readonly what: string;
  /** The button that asks for it. */
  readonly offer: string | TemplateResult;
  readonly note?: string;
  /** What is done meanwhile, in a sentence. */
  readonly meanwhile: string;
  readonly open: () => void;
  readonly cancel: () => void;
}

/** It is offered, made, cancelled or could not be made; where it is there its own view is shown. */
export function onDemand(
  { post }: Pick<Panel, "post">,
  state: OnDemandState<unknown, unknown> | undefined,
  { name, what, offer, note, meanwhile, open, cancel }: Demand,
): TemplateResult {
  const ask = typeof offer === "string" ? button(offer, open) : offer;
  switch (state?.phase) {
    case "running":
      return html`<div class="on-demand ${name}">
        <p role="status">${meanwhile} ${progressText(state.progress)}</p>
        <progress aria-label="Progress of ${what}" max="1" value=${state.progress.share}></progress>
        ${button("Cancel", cancel)}
      </div>`;
    case "cancelled":
      return html`<p class="on-demand ${name}"><span role="status">The run for ${what} was cancelled.</span> ${ask}</p>`;
    case "error":
      return html`<div class="on-demand ${name}" role="alert">
        <p>${state.message} ${state.remedy ?? nothing}</p>
        ${button("Try again", open)} ${button("Show log", () => post({ type: "showLog" }))}
      </div>`;
    default:
      return html`<p class="on-demand ${name}">
        ${ask} ${note === undefined ? nothing : html`<span class="note">${note}</span>`}
      </p>`;
  }
}
