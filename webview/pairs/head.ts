import { nothing, type TemplateResult } from "lit";
import { targetInWords } from "../../src/format/model-words";
import { formatCount } from "../../src/format/numbers";
import { pairsSentences } from "../../src/format/pairs";
import { resultHead } from "../shared/result-head";
import { pairsExport } from "./export";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** Which pairs, with which model, and how well activations follow the human scores. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, inEditor, view, change, post } = panel;
  const { target, pairs, texts, template } = document;
  return html`${resultHead({
    title,
    document,
    saved,
    inEditor,
    facts: [`${formatCount(pairs.length)} pairs of ${formatCount(texts)} sentences`, targetInWords(target)],
    onSave: () => post({ type: "save" }),
    exports: view.exports,
    onExports: (exports) => change({ exports }),
    drawer: () => pairsExport(panel),
  })}
  ${template === null ? nothing : html`<p class="note">Each sentence stands in: <span class="template">${template}</span></p>`}
  ${pairsSentences(document).map((sentence) => html`<p class="finding">${sentence}</p>`)}`;
}
