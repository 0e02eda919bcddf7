import type { TemplateResult } from "lit";
import { choiceInWords, fileSentences, formatBits, formatsSentence, sizeSentence } from "../../src/format/bits";
import { formatCount } from "../../src/format/numbers";
import { resultHead } from "../shared/result-head";
import { html } from "../shared/template";
import { bitsExport } from "./export";
import type { Panel } from "./panel";

/** What was chosen, with which texts, and what it takes. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, planned, saved, inEditor, view, change, post } = panel;
  const { samples, tokens } = document.calibration;
  return html`${resultHead({
    title,
    document,
    saved,
    inEditor,
    facts: [
      `${formatBits(planned.size.bitsPerWeight)} bits a weight`,
      `chosen by ${choiceInWords(document)}`,
      `calibrated with ${formatCount(samples)} ${samples === 1 ? "sample" : "samples"}, ${formatCount(tokens)} tokens`,
    ],
    ...(inEditor && { onSave: () => post({ type: "save" }) }),
    exports: view.exports,
    onExports: (exports) => change({ exports }),
    drawer: () => bitsExport(panel),
  })}
    <p class="finding">
      ${[sizeSentence(planned), formatsSentence(planned), ...fileSentences(document)].join(" ")}
    </p>`;
}
