import { html, nothing, type TemplateResult } from "lit";
import type { AnalysisState } from "../../src/views/analysis-protocol";
import { targetInWords } from "../../src/format/model-words";
import { button } from "../shared/controls";
import type { Post } from "./panel";

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

type Interrupted = Extract<AnalysisState, { phase: "interrupted" }>;

/** What was being run when the window was closed or loaded again. */
export function interruptedMessage({ title, model, target }: Interrupted, post: Post): TemplateResult {
  const explained = target === undefined || target === "max-logit" ? "" : `, explaining ${targetInWords(target)}`;
  return html`<section class="message" role="status" aria-labelledby="message-title">
    <h1 id="message-title">${title} was not finished</h1>
    <p>It was being run through ${model}${explained} when the window was closed or loaded again: the run ended with it.</p>
    <div class="actions">${button("Run again", () => post({ type: "tryAgain" }), { primary: true })}</div>
  </section>`;
}

type Failed = Extract<AnalysisState, { phase: "error" }>;

/** Cause, remedy, and the way on. */
export function errorMessage({ title, message, remedy, kind, download }: Failed, post: Post): TemplateResult {
  const headings: Record<Failed["kind"], string> = {
    user: "could not be analyzed",
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
