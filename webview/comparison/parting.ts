import type { TemplateResult } from "lit";
import { areAlike } from "../../src/format/comparison";
import { elementAt } from "../../src/engine/numbers/elements";
import { explain } from "../shared/section";
import { explanations } from "./explanations";
import { groupedGrid } from "../../src/format/matrix-grid";
import { numberedName } from "../../src/format/matrix-names";
import { openMatrix } from "./opening";
import type { Panel } from "./panel";
import { ownHeadSentences, partingLines } from "../../src/format/comparison-findings";
import { html } from "../shared/template";

/** What the two part in, in words: three matrices to open, and the heads that only one of them relies on. */
export function partingSection(panel: Panel): TemplateResult {
  const { document, post } = panel;
  const grid = groupedGrid(document);
  return html`<section class="section parting" aria-labelledby="parting-title">
    <header><h2 id="parting-title">Where they part</h2></header>
    ${
      areAlike(document)
        ? html`<p class="finding">
            Nowhere: ${isOneText(panel) ? "the two are the same text, and" : "to the model the two are one, and"} every matrix is
            activated alike.
          </p>`
        : html`<ol class="parts">
            ${partingLines(document).map(({ row, index, place, text }) => {
              const { name } = elementAt(elementAt(document.layers, row).modules, index);
              const column = grid.columnOf(name);
              const { expert } = numberedName(name);
              return html`<li>
                <button class="link" type="button" @click=${() => openMatrix(panel, { row, column, expert })}>${place}</button>: ${text}
              </li>`;
            })}
          </ol>`
    }
    ${ownHeadSentences(document).map((sentence) => html`<p class="finding">${sentence}</p>`)}
    ${explain(post, explanations.parting, "Where they part")}
  </section>`;
}

function isOneText({ document: { a, b } }: Panel): boolean {
  const ids = ({ samples }: typeof a) => JSON.stringify(samples.map(({ tokens }) => tokens.map(({ id }) => id)));
  return ids(a) === ids(b);
}
