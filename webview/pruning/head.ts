import { nothing, type TemplateResult } from "lit";
import { formatCount } from "../../src/format/numbers";
import { exportSentences, methodInWords, zerosSentence } from "../../src/format/pruning";
import { button } from "../shared/controls";
import { resultHead } from "../shared/result-head";
import { pruningExport } from "./export";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** What was pruned, how, and what it left. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, inEditor, view, change, post } = panel;
  const { texts, tokens } = document.calibration;
  return html`${resultHead({
    title,
    document,
    saved,
    inEditor,
    facts: [
      methodInWords(document),
      ...(texts > 0
        ? [`calibrated with ${formatCount(texts)} ${texts === 1 ? "text" : "texts"}, ${formatCount(tokens)} tokens`]
        : []),
    ],
    actions: inEditor ? button("Open in compression preview", () => post({ type: "openInPreview" })) : nothing,
    onSave: () => post({ type: "save" }),
    exports: view.exports,
    onExports: (exports) => change({ exports }),
    drawer: () => pruningExport(panel),
  })}
    <p class="finding">${[zerosSentence(document), ...exportSentences(document)].join(" ")}</p>`;
}
