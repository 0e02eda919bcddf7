import { nothing, type TemplateResult } from "lit";
import type { SampleDescription } from "../../src/engine/document/document";
import { areAlike } from "../../src/format/comparison";
import { elementAt } from "../../src/engine/numbers/elements";
import { explain } from "../shared/section";
import { explanations } from "./explanations";
import { groupedGrid } from "../../src/format/matrix-grid";
import { numberedName } from "../../src/format/matrix-names";
import { quoted } from "../../src/format/model-words";
import { formatCount } from "../../src/format/numbers";
import { button } from "../shared/controls";
import { openMatrix } from "./opening";
import { shownSample } from "./texts";
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
    ${ownHeadSentences(document).map((sentence) => html`<p class="finding">${sentence}</p>`)} ${causalCheck(panel)}
    ${explain(post, explanations.parting, "Where they part")}
  </section>`;
}

/** From what goes with the difference to what causes it: which layer and token carry A's answer. */
function causalCheck(panel: Panel): TemplateResult | typeof nothing {
  const { document, inEditor, post } = panel;
  const [a, b] = [shownSample(panel, "a"), shownSample(panel, "b")];
  if (!inEditor || areAlike(document) || !a || !b) return nothing;
  const [tokensOfA, tokensOfB] = [promptTokens(a), promptTokens(b)];
  if (tokensOfA !== tokensOfB)
    return html`<p class="note">
      Where they part goes with the difference of the texts. Which layer and token cause it is found by patching, where both have equally many tokens: A has
      ${formatCount(tokensOfA)}, B ${formatCount(tokensOfB)}.
    </p>`;
  const [ofA, ofB] = [a.nextTokens[0], b.nextTokens[0]];
  // behind a template both are patched without it, and what they answer then is not known
  if (typeof document.template !== "string" && ofA && ofA.id === ofB?.id)
    return html`<p class="note">
      Where they part goes with the difference of the texts. Both have ${quoted(ofA.text)} as the likeliest next token, so that patching finds no difference of
      answers to trace.
    </p>`;
  const patch = () => post({ type: "patch", a: document.a.samples.indexOf(a), b: document.b.samples.indexOf(b) });
  return html`<p class="patch">
    ${button("Patch A into B", patch)}
    <span class="note">Where they part goes with the difference of the texts; this shows which layer and token cause it.</span>
  </p>`;
}

/** Tokens without those of an answer behind the text. */
function promptTokens({ tokens, answer }: SampleDescription): number {
  return tokens.length - (answer?.tokens ?? 0);
}

function isOneText({ document: { a, b } }: Panel): boolean {
  const ids = ({ samples }: typeof a) => JSON.stringify(samples.map(({ tokens }) => tokens.map(({ id }) => id)));
  return ids(a) === ids(b);
}
