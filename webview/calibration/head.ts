import type { TemplateResult } from "lit";
import { calibrationSentences } from "../../src/format/calibration";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatCount } from "../../src/format/numbers";
import { methodInWords } from "../../src/format/pruning";
import { resultHead } from "../shared/result-head";
import { calibrationExport } from "./export";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** How which model was pruned, and what to calibrate with. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, inEditor, view, change } = panel;
  const { calibrations, choice } = document;
  return html`${resultHead({
    title,
    document,
    saved,
    inEditor,
    facts: [
      methodInWords(document),
      choice === null
        ? `${formatCount(calibrations.length)} calibrations`
        : `${formatCount(elementAt(calibrations, 0).texts)} of ${formatCount(choice.similarities.length)} texts of ${choice.pool}`,
    ],
    exports: view.exports,
    onExports: (exports) => change({ exports }),
    drawer: () => calibrationExport(panel),
  })}
  ${calibrationSentences(document).map((sentence) => html`<p class="finding">${sentence}</p>`)}`;
}
