import { nothing, type TemplateResult } from "lit";
import type { AnalysisDocument, SampleDescription } from "../../src/engine/document/document";
import { endInWords, quoted, targetInWords } from "../../src/format/model-words";
import { formatCount, formatNumber, formatShare } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { tableView } from "../shared/table-view";
import { html } from "../shared/template";
import type { Panel } from "./panel";
import { splitTarget } from "./run-again-options";
import { shownSample } from "./text";

/** What was asked, in words, and what the model says; of several samples that of the one whose text is shown, and a table of all. */
export function askedLines(panel: Panel): TemplateResult | typeof nothing {
  const { document } = panel;
  const sample = shownSample(panel);
  if (!sample) return nothing;
  const several = document.samples.length > 1;
  const value = `y = ${formatNumber(sample.targetValue)}`;
  return html`<p class="answer">
      <span class="asked" title=${value}>Explains ${asked(document.target, sample)}${several ? html` <span class="note">(${sample.source})</span>` : nothing}</span>
      ${continuation(document, sample)}
    </p>
    ${several ? ofAllSamples(document) : nothing}`;
}

/** `the whole prediction of what comes next after "… of Italy is"`, with what that is where it is no more than a token or an answer. */
function asked(target: string, sample: SampleDescription): TemplateResult {
  const { text, targetToken, targetProbability, answer, nextTokens } = sample;
  const after = html` after ${endInWords(text)}`;
  const likely = targetProbability === null ? "" : ` ${formatShare(targetProbability)}`;
  const words = targetInWords(target);
  switch (splitTarget(target).kind) {
    case "spread":
    case "max-logit": {
      const [first] = nextTokens;
      const token = first && html` (<b>${quoted(first.text)}</b> ${formatShare(first.probability)})`;
      return html`${words}${after}${token ?? nothing}`;
    }
    case "answer": {
      const given = answer && target === "answer" ? html` <b>${quoted(answer.text)}</b>` : nothing;
      return html`${words}${given}${likely}${after}`;
    }
    case "logit":
      return html`${words}${after}${likely === "" ? nothing : html` (${likely.trim()})`}`;
    case "next-token":
      return html`${words}${targetToken ? html` <b>${quoted(targetToken.text)}</b>` : nothing}${likely}, from what is before it`;
    case "loss":
      return html`${words}`;
  }
}

/** What the model takes for likely behind the text: what else, where the likeliest is said already. */
function continuation(
  { target }: AnalysisDocument,
  { nextTokens }: SampleDescription,
): TemplateResult | typeof nothing {
  const isSaid = target === "spread" || target === "max-logit";
  const shown = isSaid ? nextTokens.slice(1) : nextTokens;
  if (shown.length === 0) return nothing;
  const tokens = shown.map(
    ({ text, probability }, i) =>
      html`${i > 0 ? ", " : ""}<span class="other">${quoted(text)} ${formatShare(probability)}</span>`,
  );
  return html`<span class="others">${isSaid ? "then" : "Next token:"} ${tokens}</span>`;
}

/** Every sample with what it was asked, folded away. */
function ofAllSamples(document: AnalysisDocument): TemplateResult {
  return html`<details class="all-samples">
    <summary>What each of the ${formatCount(document.samples.length)} samples was asked</summary>
    ${tableView(samplesTable(document))}
  </details>`;
}

export function samplesTable({ samples, target }: AnalysisDocument): DataTable {
  return {
    caption: "What each sample was asked",
    columns: [
      { title: "Sample" },
      { title: "Source", text: true },
      {
        title: target.startsWith("next-token:") || target === "loss" ? "Text ends with" : "Explained after",
        text: true,
      },
      { title: "Explained", text: true },
      { title: "Probability" },
      { title: "Next token", text: true },
      { title: "Probability" },
    ],
    rows: samples.map((sample, i) => {
      const { source, text, targetToken, targetProbability, answer, nextTokens } = sample;
      const [next] = nextTokens;
      return [
        i + 1,
        source,
        endInWords(text),
        answer ? quoted(answer.text) : targetToken ? quoted(targetToken.text) : targetInWords(target),
        targetProbability ?? "",
        next ? quoted(next.text) : "",
        next?.probability ?? "",
      ];
    }),
    format: [String, String, String, String, formatShare, String, formatShare],
  };
}
