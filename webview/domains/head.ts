import type { TemplateResult } from "lit";
import { domainsSentences } from "../../src/format/domains";
import { elementAt } from "../../src/engine/numbers/elements";
import { targetInWords } from "../../src/format/model-words";
import { formatCount } from "../../src/format/numbers";
import { resultHead } from "../shared/result-head";
import { domainsExport } from "./export";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** Which domains, with which model, and whether they are told apart. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, inEditor, view, change, post } = panel;
  const { domains, target } = document;
  return html`${resultHead({
    title,
    document,
    saved,
    inEditor,
    facts: [
      `${formatCount(domains.length)} domains of ${formatCount(elementAt(domains, 0).texts)} texts`,
      targetInWords(target),
    ],
    onSave: () => post({ type: "save" }),
    exports: view.exports,
    onExports: (exports) => change({ exports }),
    drawer: () => domainsExport(panel),
  })}
    <p class="finding">${domainsSentences(document).join(" ")}</p>`;
}
