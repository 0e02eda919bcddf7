import type { TemplateResult } from "lit";
import { extentInWords, toleratedSentences } from "../../src/format/neurons";
import { resultHead } from "../shared/result-head";
import { neuronsExport } from "./export";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** The texts and the model of a study, and how many neurons can go. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, inEditor, view, change } = panel;
  return html`${resultHead({
    title,
    document,
    saved,
    inEditor,
    facts: extentInWords(document),
    exports: view.exports,
    onExports: (exports) => change({ exports }),
    drawer: () => neuronsExport(panel),
  })}
    <p class="finding">${toleratedSentences(document).join(" ")}</p>`;
}
