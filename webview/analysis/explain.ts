import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { nothing, type TemplateResult } from "lit";
import { button, element } from "../shared/controls";
import { html } from "../shared/template";
import type { Panel } from "./panel";
import { optionsOfRun } from "./run-again-options";

/** The questions that can be asked of a text, each by another run with the same settings. */
export function explainDrawer(panel: Panel): TemplateResult {
  const { document, post, change, focus } = panel;
  const ask = (target: string) => {
    post({ type: "runAgain", options: { ...optionsOfRun(document), target } });
    change({ drawer: undefined });
  };
  const field = "explain-answer";
  const askAnswer = () => {
    const answer = element<VscodeTextfield>(field).value;
    ask(answer === "" ? "answer" : `answer:${answer}`);
  };
  const question = (
    target: string,
    label: string,
    detail: string,
    { more, onAsk = () => ask(target) }: { more?: TemplateResult; onAsk?: () => void } = {},
  ) => {
    const isAsked = document.target === target || document.target.startsWith(`${target}:`);
    return html`<li class="question">
      ${button(label, onAsk)} ${more ?? nothing}
      <span class="note">${detail}${isAsked ? html` <b>Shown now.</b>` : nothing}</span>
    </li>`;
  };
  return html`<section class="drawer" aria-label="Explain">
    <ul class="questions">
      ${question("spread", "Whole prediction", "Everything that the model expects to come next, each as likely as it is.")}
      ${question(
        "answer",
        "An answer",
        "What the model would say, or what you write; a space in front, as in a text.",
        {
          more: html`<vscode-textfield id=${field} .label=${"The answer; empty: the model's own"} placeholder="the model's own"></vscode-textfield>`,
          onAsk: askAnswer,
        },
      )}
      ${question("next-token", "One token", "Choose it in the text below: why it was expected there.", {
        onAsk: () => {
          change({ drawer: undefined });
          focus("text-title");
        },
      })}
      ${question("loss", "Reading the text", "How well the model foresees every token of the text, on average.")}
      ${question("max-logit", "As in the paper", "The score of the likeliest next token alone.")}
    </ul>
  </section>`;
}
