import { nothing, type TemplateResult } from "lit";
import type { PatchedPrompt } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { quoted } from "../../src/format/model-words";
import { formatShare } from "../../src/format/numbers";
import { answersSentence, siteInWords } from "../../src/format/patching";
import { button } from "../shared/controls";
import { resultHead } from "../shared/result-head";
import { patchingExport } from "./export";
import type { Panel } from "./panel";
import { runAgainForm } from "./run-again";
import { flowing, html } from "../shared/template";

/** The two prompts with what they are answered, and what was patched. */
export function headSection(panel: Panel): TemplateResult {
  const { title, document, saved, inEditor, view, change, post } = panel;
  return html`${resultHead({
    title,
    document,
    saved,
    inEditor,
    facts: [`patches ${siteInWords[document.site]}`],
    actions: inEditor
      ? button("Run again with…", () => change({ again: !view.again }), { expanded: view.again })
      : nothing,
    onSave: () => post({ type: "save" }),
    exports: view.exports,
    onExports: (exports) => change({ exports }),
    drawer: () => patchingExport(panel),
  })}
    ${
      view.again
        ? runAgainForm(document, (again) => {
            change({ again: false });
            post(again);
          })
        : nothing
    }
    <dl class="prompts">${prompt("A", document.a, document.b)} ${prompt("B", document.b, document.a)}</dl>
    <p class="finding">${answersSentence(document)}</p>`;
}

/** The text with the tokens marked that the other has not, where it is from, and the likeliest next tokens. */
function prompt(
  letter: string,
  { source, text, tokens, nextTokens }: PatchedPrompt,
  other: PatchedPrompt,
): TemplateResult {
  const parts: TemplateResult[] = [];
  let end = 0;
  tokens.forEach(({ id, start, end: tokenEnd }, i) => {
    if (start < end || id === elementAt(other.tokens, i).id) return;
    parts.push(flowing(text.slice(end, start)), html`<mark>${flowing(text.slice(start, tokenEnd))}</mark>`);
    end = tokenEnd;
  });
  const next = nextTokens.map((token) => `${quoted(token.text)} ${formatShare(token.probability)}`);
  return html`<dt title=${source}>${letter}</dt>
    <dd>
      <span class="prompt flowing">${parts}${flowing(text.slice(end))}</span>
      ${next.length > 0 ? html`<span class="note">next: ${next.join(", ")}</span>` : nothing}
    </dd>`;
}
