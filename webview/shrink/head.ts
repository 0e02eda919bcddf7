import type { TemplateResult } from "lit";
import { formatCount } from "../../src/format/numbers";
import {
  configurationSentence,
  goneSentence,
  leftSentences,
  removedInWords,
  shrinkFileSentences,
  shrinkWayInWords,
  speedSentence,
} from "../../src/format/shrink";
import { resultHead } from "../shared/result-head";
import { html } from "../shared/template";
import { shrinkExport } from "./export";
import type { Panel } from "./panel";

/** What went, with which texts, and what is left. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, inEditor, view, change, post } = panel;
  const { samples, tokens } = document.calibration;
  return html`${resultHead({
    title,
    document,
    saved,
    inEditor,
    facts: [
      `without ${removedInWords(document)}`,
      `chosen by ${shrinkWayInWords[document.by]}`,
      `calibrated with ${formatCount(samples)} ${samples === 1 ? "sample" : "samples"}, ${formatCount(tokens)} tokens`,
    ],
    ...(inEditor && { onSave: () => post({ type: "save" }) }),
    exports: view.exports,
    onExports: (exports) => change({ exports }),
    drawer: () => shrinkExport(panel),
  })}
    <p class="finding">${[goneSentence(document), ...leftSentences(document), speedSentence(document)].join(" ")}</p>
    <p class="note">${[configurationSentence(document), ...shrinkFileSentences(document)].join(" ")}</p>`;
}
