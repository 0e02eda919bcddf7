import type { TemplateResult } from "lit";
import { targetInWords } from "../../src/format/model-words";
import { headSentences } from "../../src/format/models-findings";
import { nameOfTexts } from "../../src/format/name-of-texts";
import { formatCount } from "../../src/format/numbers";
import { resultHead } from "../shared/result-head";
import { modelsExport } from "./export";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** The two models and the texts that both read; whether they are the same, and how far their answers are apart. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, inEditor, view, change } = panel;
  const { model, modelB, samples, target } = document;
  const count = samples.length;
  return html`${resultHead({
      title,
      document: { ...document, model: { ...model, name: `A ${model.name}` } },
      saved,
      inEditor,
      facts: [
        `B ${modelB.name}`,
        nameOfTexts(samples),
        targetInWords(target),
        `${formatCount(count)} ${count === 1 ? "sample" : "samples"}`,
      ],
      exports: view.exports,
      onExports: (exports) => change({ exports }),
      drawer: () => modelsExport(panel),
    })}
    ${headSentences(document).map((sentence) => html`<p class="finding">${sentence}</p>`)}`;
}
