import { nothing, type TemplateResult } from "lit";
import { targetInWords } from "../../src/format/model-words";
import { defaults } from "../../src/engine/run/defaults";
import type { CommonRequest, ErrorState, InterruptedState } from "../../src/pages/run";
import { button } from "./controls";
import { html } from "./template";

type Post = (message: CommonRequest) => void;

/** The result that was here is gone, and how to make it again; `action` is a button that begins it. */
export function goneMessage(
  heading: string,
  again: string,
  action: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<section class="message" aria-labelledby="message-title">
    <h1 id="message-title">${heading}</h1>
    <p>The last 50 results are kept. ${again}</p>
    <div class="actions">${action}</div>
  </section>`;
}

/** What was being run when the window was closed or loaded again. */
export function interruptedMessage({ title, model, target }: InterruptedState, post: Post): TemplateResult {
  const explained = target === undefined || target === defaults.target ? "" : `, explaining ${targetInWords(target)}`;
  return html`<section class="message" role="status" aria-labelledby="message-title">
    <h1 id="message-title">${title} was not finished</h1>
    <p>It was being run through ${model}${explained} when the window was closed or loaded again: the run ended with it.</p>
    <div class="actions">${button("Run again", () => post({ type: "tryAgain" }), { primary: true })}</div>
  </section>`;
}

/**
 * Cause, remedy, and the way on.
 * @param done what was to be done with it: `analyzed`.
 */
export function errorMessage(
  { title, message, remedy, kind, download }: ErrorState,
  done: string,
  post: Post,
): TemplateResult {
  const headings: Record<ErrorState["kind"], string> = {
    user: `could not be ${done}`,
    crash: "was not finished: the scoring process stopped",
    "model-missing": "needs a model",
    "broken-file": "cannot be shown",
  };
  return html`<section class="message error" role="alert" aria-labelledby="message-title">
    <h1 id="message-title">${title} ${headings[kind]}</h1>
    <p>${message}</p>
    ${remedy ? html`<p class="remedy">${remedy}</p>` : nothing}
    <div class="actions">
      ${download ? button("Download", () => post({ type: "downloadModel", id: download }), { primary: true }) : nothing}
      ${kind === "model-missing" ? button("Choose model", () => post({ type: "chooseModel" }), { primary: !download }) : nothing}
      ${button("Try again", () => post({ type: "tryAgain" }), { primary: kind !== "model-missing" })}
      ${kind === "broken-file" ? nothing : button("Show log", () => post({ type: "showLog" }))}
    </div>
  </section>`;
}
