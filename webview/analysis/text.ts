import { nothing, type TemplateResult } from "lit";
import type { SampleDescription } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { explainedToken, strongestSaliency } from "../../src/format/token-spans";
import { button } from "../shared/controls";
import { section } from "../shared/section";
import { textFinding, textNote } from "../../src/format/text-finding";
import { describeToken, samplePicker, textTable, tintedText, tintLegend } from "../shared/tinted-text";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** The sample whose text is shown; undefined where there is none. */
export function shownSample({ document, view }: Pick<Panel, "document" | "view">): SampleDescription | undefined {
  return document.samples.at(Math.min(view.sample, document.samples.length - 1));
}

/** The text, tinted by how much each token had to do with what was asked. */
export function textSection(panel: Panel): TemplateResult | typeof nothing {
  const sample = shownSample(panel);
  if (!sample) return nothing;
  const { document, inEditor, view, change } = panel;
  return section(panel, {
    name: "text",
    title: "Text",
    note: textNote(document.target),
    controls: html`${samplePicker("Sample", document.samples, view.sample, (sample) => change({ sample, token: -1 }))}
    ${
      inEditor
        ? html`<vscode-toolbar-button
            toggleable
            label="Tint the tokens in the editor"
            .checked=${panel.decorated}
            @change=${() => panel.post({ type: "toggleDecorations" })}
            >Tint in editor</vscode-toolbar-button
          >`
        : nothing
    }`,
    chart: () =>
      html`${tintedText({
        id: "token",
        label: "Tokens of the text",
        sample,
        chosen: view.token,
        explained: explainedToken(document.target),
        onChoose: (token) => change({ token }),
        onReveal: inEditor ? (token) => reveal(panel, sample, token) : undefined,
        focus: panel.focus,
      })}
      ${tokenLine(panel, sample)}`,
    table: () => textTable(sample),
    sentence: textFinding(sample),
    explanation: explanations.text,
  });
}

function reveal({ post, view }: Panel, { tokens }: SampleDescription, token: number): void {
  const { start, end } = elementAt(tokens, token);
  if (start >= 0) post({ type: "reveal", sample: view.sample, start, end });
}

/** What is known of the chosen token, and what can be done with it. */
function tokenLine(panel: Panel, sample: SampleDescription): TemplateResult {
  const { inEditor, view, post } = panel;
  const token = sample.tokens.at(view.token < 0 ? sample.tokens.length : view.token);
  if (!token) {
    return tintLegend(
      inEditor
        ? "Choose a token to see its figures, find it in the editor, or explain it."
        : "Choose a token to see its figures.",
    );
  }
  const described = describeToken({ text: token.text, saliency: token.saliency ?? 0 }, strongestSaliency(sample));
  return html`<p class="token-line">
    <span class="readout">Token ${view.token} · ${described}</span>
    ${
      inEditor
        ? button("Show in editor", () => reveal(panel, sample, view.token), { disabled: token.start < 0 })
        : nothing
    }
    ${
      panel.saved
        ? nothing
        : button("Explain this token", () => post({ type: "explain", sample: view.sample, token: view.token }), {
            disabled: view.token < 1,
          })
    }
  </p>`;
}
