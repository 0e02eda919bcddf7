import type { TemplateResult } from "lit";
import { alwaysSentence } from "../../src/format/frequency";
import { targetInWords } from "../../src/format/model-words";
import { formatCount, formatShare } from "../../src/format/numbers";
import { resultHead } from "../shared/result-head";
import { frequencyExport } from "./export";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** What was counted, in how many texts and with which model. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, inEditor, view, change, post } = panel;
  const { samples, share, target } = document;
  return html`${resultHead({
    title,
    document,
    saved,
    inEditor,
    facts: [
      `${formatCount(samples)} ${samples === 1 ? "sample" : "samples"}`,
      `strongest ${formatShare(share)} of each matrix`,
      targetInWords(target),
    ],
    onSave: () => post({ type: "save" }),
    exports: view.exports,
    onExports: (exports) => change({ exports }),
    drawer: () => frequencyExport(panel),
  })}
    <p class="finding">${alwaysSentence(document)}</p>`;
}
